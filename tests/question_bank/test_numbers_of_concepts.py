"""What the concept pages state in numbers follows from the algebra or from their own formulas."""

import math
from pathlib import Path

import pytest

from grader.patterns import parse
from question_bank.courses import BUILT_IN

CONCEPTS = BUILT_IN / "concepts"
GIB = 2**30


def text_of(concept: str) -> str:
    return Path(CONCEPTS / f"{concept}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("concept", "pattern", "n", "stated"),
    [
        ("strided", "causal & dilated(4)", 24, "84"),
        ("strided", "causal & dilated(16)", 16_384, "8,396,800"),
        ("strided", "causal", 16_384, "134,225,920"),
        ("strided", "causal & (window(128) | dilated(128))", 16_384, "3,129,408"),
        ("bigbird", "blocks(64, 1) | globals(0:64) | random_blocks(64, 3, 7)", 4096, "2,011,136"),
        ("bigbird", "all", 4096, "16,777,216"),
        ("block-sparse", "blocks(4) | random_blocks(4, 2, 11)", 32, "336"),
        ("block-sparse", "all", 32, "1,024"),
        ("block-sparse", "causal & window(256)", 1024, "229,504"),
        ("sliding-window-gqa", "causal & window(4096)", 32_768, "125,831,168"),
        ("sliding-window-gqa", "causal", 32_768, "536,887,296"),
        ("flash-attention", "all", 8192, "67,108,864"),
        ("ring-attention", "causal & blocks(8)", 32, "144"),
        ("ring-attention", "causal", 32, "528"),
    ],
)
def test_a_stated_number_of_pairs_is_what_the_algebra_counts(
    concept: str, pattern: str, n: int, stated: str
) -> None:
    assert stated in text_of(concept)
    assert f"{parse(pattern).count(n):,}" == stated


def test_the_tiles_that_a_window_touches_are_counted_right() -> None:
    window, tile = parse("causal & window(256)"), 64
    spans = [range(start, start + tile) for start in range(0, 1024, tile)]
    rows = [sum(window.count_within(rows, keys, 1024) > 0 for keys in spans) for rows in spans]
    assert "at most 5 tiles in a row" in text_of("block-sparse")
    assert max(rows) == 5
    assert f"{sum(rows)} tiles, {sum(rows) * tile**2:,} pairs" in text_of("block-sparse")


def test_every_tile_below_the_diagonal_holds_pairs_of_a_small_stride() -> None:
    strided = parse("causal & dilated(16)")
    spans = [range(start, start + 64) for start in range(0, 512, 64)]
    for place, rows in enumerate(spans):
        assert all(strided.count_within(rows, keys, 512) for keys in spans[: place + 1])


def test_a_stride_alone_never_joins_two_remainders_and_a_window_does_in_two_hops() -> None:
    n, stride = 40, 4
    alone = parse(f"causal & dilated({stride})")
    joined = parse(f"causal & (window({stride}) | dilated({stride}))")
    for query in range(n):
        assert {key % stride for key in alone.keys(query, n)} == {query % stride}
        within_two = {far for near in joined.keys(query, n) for far in joined.keys(near, n)}
        assert within_two == set(range(query + 1))


def cache_bytes(layers: int, kv_heads: int, tokens: int) -> int:
    return 2 * layers * kv_heads * 128 * tokens * 2


@pytest.mark.parametrize(
    ("model", "layers", "kv_heads"),
    [("Llama 2 7B", 32, 32), ("Llama 3 8B", 32, 8), ("Llama 3 70B", 80, 8)],
)
def test_the_table_of_caches_follows_from_its_formula(
    model: str, layers: int, kv_heads: int
) -> None:
    (row,) = (line for line in text_of("kv-cache").splitlines() if line.startswith(f"| {model} |"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1] == str(layers)
    assert cells[3:5] == [str(kv_heads), "128"]
    assert cells[5] == f"{cache_bytes(layers, kv_heads, 1) // 1024} KiB"
    assert cells[6] == f"{cache_bytes(layers, kv_heads, 8192) / GIB:g} GiB"


def test_the_savings_of_window_and_groups_multiply_as_stated() -> None:
    told = text_of("sliding-window-gqa")
    for kv_heads in (32, 8):
        sizes = [cache_bytes(32, kv_heads, tokens) / GIB for tokens in (32_768, 4096)]
        assert f"| {kv_heads} KV heads | {sizes[0]:g} GiB | {sizes[1]:g} GiB |" in told
    assert f"{32 * 4095 + 1:,}" in told.replace("{,}", ",")


def test_decoding_is_bound_by_reading_as_stated() -> None:
    reading, computing = 16e9 / 4.8e12, 16e9 / 990e12
    told = text_of("autoregressive-inference")
    assert f"= {reading * 1e3:.1f} ms to *read*" in told
    assert f"= {computing * 1e3:.3f} ms to *compute*" in told
    assert f"{GIB / 4.8e12 * 1e3:.2f} ms" in text_of("kv-cache")


def test_layers_that_keep_everything_make_up_most_of_a_mixed_cache() -> None:
    full, local = 32_768, 5 * 1024
    assert f"{full:,} of {full + local:,} entries, {full / (full + local):.0%}".replace(
        "%", " %"
    ) in text_of("kv-cache-limit-of-sparsity")


def test_what_a_rank_of_a_ring_sends_is_as_stated() -> None:
    numbers = 2 * 3 * 1024 * 64 // 4
    assert f"{numbers:,} numbers, {numbers * 4 // 1024} KiB" in text_of("ring-attention")


def test_the_state_of_linear_attention_is_smaller_than_a_cache_as_stated() -> None:
    state = 64 * 64 + 64
    told = text_of("linear-time-models")
    assert f"{state:,} at $d = 64$" in told
    assert f"from the {math.floor(state / (2 * 64)) + 1}rd token on" in told

"""Bytes that a cache keeps and a step reads."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.costs import (
    DENSE,
    GEMMA_2_9B,
    GEMMA_3_12B,
    GIB,
    KIB,
    LLAMA_2_7B,
    LLAMA_3_8B,
    LLAMA_3_70B,
    MISTRAL_7B,
    LayerKind,
    Model,
    Precision,
    Stack,
    cache_bytes,
    cache_read_bytes,
    kib_per_token,
)
from tests.grader.costs.stacks import kinds, stack, stacks

lengths = st.integers(0, 60)
quick = settings(deadline=None, max_examples=100)


def llama(**changes: object) -> Stack:
    return Stack(LLAMA_3_8B, ((replace(DENSE, **changes), 32),))


@pytest.mark.parametrize(
    ("model", "kib"),
    [
        (LLAMA_2_7B, 512),
        (LLAMA_3_8B, 128),
        (LLAMA_3_70B, 320),
        (MISTRAL_7B, 128),
        (GEMMA_2_9B, 336),
        (GEMMA_3_12B, 384),
    ],
)
def test_a_token_takes_what_the_table_of_models_says(model: Model, kib: int) -> None:
    assert kib_per_token(Stack.of(model)) == kib


@pytest.mark.parametrize(
    ("model", "tokens", "gib"),
    [
        (LLAMA_3_8B, 8192, Fraction(1)),
        (LLAMA_2_7B, 8192, Fraction(4)),
        (LLAMA_3_70B, 8192, Fraction(5, 2)),
        (MISTRAL_7B, 4096, Fraction(1, 2)),
        (MISTRAL_7B, 32_768, Fraction(1, 2)),
        # 21 dense layers of 8 KiB per token, and 21 that stop at 4,096 tokens.
        (GEMMA_2_9B, 8192, Fraction(21 * 8 * (8192 + 4096), 2**20)),
        # 8 dense ones, and 40 that stop at 1,024.
        (GEMMA_3_12B, 32_768, Fraction(8 * (8 * 32_768 + 40 * 1024), 2**20)),
    ],
)
def test_known_sizes(model: Model, tokens: int, gib: Fraction) -> None:
    assert Fraction(cache_bytes(Stack.of(model), tokens), GIB) == gib


@quick
@given(stacks(), lengths, st.integers(1, 7))
def test_a_longer_text_never_needs_less(stack: Stack, tokens: int, page: int) -> None:
    shorter, longer = (
        cache_bytes(stack, length, page_tokens=page) for length in (tokens, tokens + 1)
    )
    assert shorter <= longer
    assert cache_read_bytes(stack, tokens) <= cache_read_bytes(stack, tokens + 1)


@quick
@given(stacks(), lengths)
def test_a_cache_is_linear_until_the_first_window_is_full(stack: Stack, tokens: int) -> None:
    windows = [kind.window + kind.sinks for kind, _ in stack.keeping if kind.window is not None]
    tokens = min([tokens, *windows])
    assert cache_bytes(stack, tokens) == tokens * kib_per_token(stack) * KIB


@quick
@given(stacks(), lengths)
def test_beyond_all_windows_only_dense_layers_grow(stack: Stack, tokens: int) -> None:
    dense = sum(
        count * stack.entry_bytes(kind) for kind, count in stack.keeping if kind.window is None
    )
    beyond = 13 + tokens
    assert cache_bytes(stack, beyond + 1) - cache_bytes(stack, beyond) == dense


@quick
@given(kinds, kinds, st.integers(1, 4), st.integers(1, 4), lengths, st.integers(1, 7))
def test_layers_add_up(a: LayerKind, b: LayerKind, m: int, n: int, tokens: int, page: int) -> None:
    for size in (cache_read_bytes, lambda s, t: cache_bytes(s, t, page_tokens=page)):
        together = size(stack((a, m), (b, n)), tokens)
        assert together == m * size(stack((a, 1)), tokens) + n * size(stack((b, 1)), tokens)


@quick
@given(stacks(), lengths, st.integers(0, 9))
def test_texts_do_not_share(stack: Stack, tokens: int, batch: int) -> None:
    assert cache_bytes(stack, tokens, batch) == batch * cache_bytes(stack, tokens)
    assert cache_read_bytes(stack, tokens, batch) == batch * cache_read_bytes(stack, tokens)


@quick
@given(stacks(st.builds(LayerKind, st.integers(1, 9), st.integers(0, 4))), lengths)
def test_halving_the_bits_halves_the_cache(full: Stack, tokens: int) -> None:
    for bits, factor in ((8, 2), (4, 4)):
        groups = tuple(
            (replace(kind, precision=Precision(bits)), count) for kind, count in full.groups
        )
        assert factor * cache_bytes(Stack(full.model, groups), tokens) == cache_bytes(full, tokens)


@pytest.mark.parametrize(
    ("precision", "bytes_per_head"),
    [
        (Precision(16), 256),
        (Precision(4, 32, 2), 64 + 4 * 2),
        (Precision(4, 32, 4), 64 + 4 * 4),
        (Precision(8, 128, 2), 128 + 2),
        (Precision(8, 100, 2), 128 + 2 * 2),
        (Precision(4, 1000, 2), 64 + 2),
    ],
)
def test_scales_are_stored_beside_the_values(precision: Precision, bytes_per_head: int) -> None:
    per_token = 2 * 32 * 8 * bytes_per_head
    assert cache_bytes(llama(precision=precision), 1) == per_token


def test_four_bits_with_scales_are_more_than_a_quarter() -> None:
    assert kib_per_token(llama(precision=Precision(4, 32, 2))) == 36
    assert kib_per_token(llama(precision=Precision(4))) == 32


def test_fewer_kv_heads_shrink_the_cache_in_proportion() -> None:
    assert kib_per_token(llama(kv_heads=32)) == 512
    assert kib_per_token(llama(kv_heads=1)) == 16


def test_a_shared_cache_is_kept_once_and_read_by_every_layer() -> None:
    pairs = ((DENSE, 1), (LayerKind(shares_cache=True), 1)) * 16
    shared, own = Stack(LLAMA_3_8B, pairs), Stack.of(LLAMA_3_8B)
    assert 2 * cache_bytes(shared, 8192) == cache_bytes(own, 8192)
    assert cache_read_bytes(shared, 8192) == cache_read_bytes(own, 8192)


def test_a_sharing_layer_reads_no_more_than_it_sees() -> None:
    window = LayerKind(100, shares_cache=True)
    shared = stack((DENSE, 1), (window, 1))
    per_token = cache_bytes(shared, 1)
    assert cache_read_bytes(shared, 1000) == (1000 + 100) * per_token


def test_nothing_is_kept_of_no_tokens() -> None:
    for page in (1, 16):
        assert cache_bytes(llama(), 0, 7, page_tokens=page) == 0
    assert cache_read_bytes(llama(), 0, 7) == 0


@quick
@given(stacks(), lengths)
def test_a_window_as_long_as_the_text_is_no_window(mixed: Stack, tokens: int) -> None:
    def widened(window: int | None) -> Stack:
        groups = ((replace(kind, window=window, sinks=0), n) for kind, n in mixed.groups)
        return Stack(mixed.model, tuple(groups))

    assert cache_bytes(widened(max(1, tokens)), tokens) == cache_bytes(widened(None), tokens)


@quick
@given(stacks(), lengths)
def test_pages_of_one_token_waste_nothing(stack: Stack, tokens: int) -> None:
    assert cache_bytes(stack, tokens, page_tokens=1) == cache_bytes(stack, tokens)


@quick
@given(kinds, lengths, st.integers(1, 20))
def test_paging_wastes_less_than_a_page(kind: LayerKind, tokens: int, page: int) -> None:
    one = stack((kind, 1))
    entry = one.entry_bytes(kind)
    kept = cache_bytes(one, tokens, page_tokens=page)
    assert kept % (page * entry) == 0
    assert 0 <= kept - cache_bytes(one, tokens) < page * entry


def test_each_text_rounds_up_to_its_own_pages() -> None:
    assert cache_bytes(llama(), 17, 3, page_tokens=16) == cache_bytes(llama(), 32, 3)


@pytest.mark.parametrize(
    "call",
    [
        lambda: cache_bytes(llama(), -1),
        lambda: cache_bytes(llama(), 1, -1),
        lambda: cache_bytes(llama(), 1, page_tokens=0),
        lambda: cache_read_bytes(llama(), -1),
        lambda: cache_read_bytes(llama(), 1, -1),
    ],
)
def test_a_size_out_of_range_is_refused(call) -> None:
    with pytest.raises(ValueError, match="must be at least"):
        call()

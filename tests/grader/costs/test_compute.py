"""Pairs, operations, bytes read and the least time."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.costs import (
    A100,
    GEMMA_2_9B,
    H100,
    H200,
    LLAMA_3_8B,
    MISTRAL_7B,
    Accelerator,
    LayerKind,
    Model,
    Stack,
    attention_pairs,
    cache_read_bytes,
    decode_bytes,
    decode_flops,
    decode_intensity,
    decode_seconds_floor,
    prefill_flops,
    prefill_intensity,
    prefill_seconds_floor,
    weight_bytes,
)
from tests.grader.costs.stacks import kinds, stack, stacks

LLAMA = Stack.of(LLAMA_3_8B)
lengths = st.integers(0, 40)
quick = settings(deadline=None, max_examples=60)


@pytest.mark.parametrize(
    ("model", "tokens", "pairs"),
    [
        (LLAMA_3_8B, 1024, 32 * 524_800),
        (MISTRAL_7B, 32_768, 32 * 125_831_168),
        (MISTRAL_7B, 1024, 32 * 524_800),
        (GEMMA_2_9B, 32_768, 21 * (125_831_168 + 536_887_296)),
        (LLAMA_3_8B, 0, 0),
    ],
)
def test_known_pairs(model: Model, tokens: int, pairs: int) -> None:
    assert attention_pairs(Stack.of(model), tokens) == pairs


def test_sinks_count_where_the_window_does_not_reach() -> None:
    # The first token, itself and two before: 4n - 6 pairs.
    assert attention_pairs(stack((LayerKind(3, 1), 5)), 1024) == 5 * (4 * 1024 - 6)


def test_a_prompt_of_a_known_model_takes_known_operations() -> None:
    pairs = 32 * (8192 * 8193 // 2)
    expected = 2 * 8_030_000_000 * 8192 + 4 * 32 * 128 * pairs
    assert prefill_flops(LLAMA, 8192) == expected
    assert prefill_seconds_floor(LLAMA, 8192, H200) == Fraction(expected, 990 * 10**12)


@quick
@given(stacks(), lengths, st.integers(0, 5))
def test_decoding_a_text_token_by_token_computes_what_its_prefill_does(
    stack: Stack, tokens: int, batch: int
) -> None:
    steps = sum(decode_flops(stack, length, batch) for length in range(1, tokens + 1))
    assert steps == prefill_flops(stack, tokens, batch)


@quick
@given(stacks(), lengths)
def test_a_longer_text_never_costs_less(stack: Stack, tokens: int) -> None:
    assert attention_pairs(stack, tokens) < attention_pairs(stack, tokens + 1)
    assert prefill_flops(stack, tokens) < prefill_flops(stack, tokens + 1)
    assert decode_bytes(stack, tokens + 1) <= decode_bytes(stack, tokens + 2)


@quick
@given(kinds, kinds, lengths)
def test_pairs_of_layers_add_up(a: LayerKind, b: LayerKind, tokens: int) -> None:
    together = attention_pairs(stack((a, 2), (b, 3)), tokens)
    apart = [attention_pairs(stack((kind, 1)), tokens) for kind in (a, b)]
    assert together == 2 * apart[0] + 3 * apart[1]


def test_grouping_heads_saves_bytes_and_no_pair() -> None:
    many = Stack(LLAMA_3_8B, ((LayerKind(kv_heads=32), 32),))
    assert prefill_flops(many, 1000) == prefill_flops(LLAMA, 1000)
    assert cache_read_bytes(many, 1000) == 4 * cache_read_bytes(LLAMA, 1000)


@pytest.mark.parametrize(("bits", "size"), [(16, 16_060), (8, 8_030), (4, 4_015)])
def test_weights_take_two_bytes_each_or_fewer(bits: int, size: int) -> None:
    assert weight_bytes(LLAMA_3_8B, bits) == size * 10**6


def test_half_a_byte_of_weights_is_rounded_up() -> None:
    assert weight_bytes(replace(LLAMA_3_8B, parameters=3), 4) == 2


@quick
@given(st.integers(1, 10**6), st.integers(1, 300), st.sampled_from((16, 8, 4)))
def test_a_step_reads_the_weights_once_and_every_cache(tokens: int, batch: int, bits: int) -> None:
    read = decode_bytes(LLAMA, tokens, batch, weight_bits=bits)
    assert read - batch * tokens * 128 * 1024 == 8_030_000_000 * bits // 8


def test_a_window_bounds_what_a_step_reads() -> None:
    mistral = Stack.of(MISTRAL_7B)
    assert decode_bytes(mistral, 10**6) == decode_bytes(mistral, 4096) == 14_480 * 10**6 + 2**29


@pytest.mark.parametrize(
    ("gpu", "milliseconds"),
    [(H200, "3.57"), (H100, "5.11"), (A100, "8.40")],
    ids=lambda it: str(it),
)
def test_the_least_time_between_tokens_on_a_gpu(gpu: Accelerator, milliseconds: str) -> None:
    # 16.06 GB of weights and 1 GiB of cache.
    assert f"{float(decode_seconds_floor(LLAMA, 8192, gpu)) * 1000:.2f}" == milliseconds


def test_batching_raises_intensity_while_weights_are_what_is_read() -> None:
    one, many = (decode_intensity(LLAMA, 100, batch) for batch in (1, 256))
    assert 1 < one < 2
    assert many > 100 * one


def test_decoding_long_texts_stays_below_the_ridge_at_any_batch() -> None:
    # Each cached value of 2 bytes serves 4 query heads with 2 operations each.
    limit = Fraction(4 * 32 * 128 * 32, 32 * 2 * 8 * 128 * 2)
    intensity = decode_intensity(LLAMA, 10**7, 10**4)
    assert limit == 4
    assert abs(intensity - limit) < Fraction(1, 10)
    assert intensity < H200.ridge


def test_prefill_of_a_long_prompt_is_bound_by_arithmetic() -> None:
    assert prefill_intensity(LLAMA, 8192) > H200.ridge
    moved = 16_060 * 10**6 + 2**30
    assert prefill_intensity(LLAMA, 8192) == Fraction(prefill_flops(LLAMA, 8192), moved)


@pytest.mark.parametrize(
    "call",
    [
        lambda: attention_pairs(LLAMA, -1),
        lambda: prefill_flops(LLAMA, 1, -1),
        lambda: decode_flops(LLAMA, 0),
        lambda: decode_flops(LLAMA, 1, -1),
        lambda: decode_bytes(LLAMA, 0),
        lambda: weight_bytes(LLAMA_3_8B, 5),
    ],
)
def test_an_argument_out_of_range_is_refused(call) -> None:
    with pytest.raises(ValueError, match=r"at least|bits"):
        call()

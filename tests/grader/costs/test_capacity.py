"""The largest batch and the longest text in a budget, at its edges."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.costs import (
    A100,
    DENSE,
    GB,
    GIB,
    H100,
    H200,
    LLAMA_3_8B,
    LLAMA_3_70B,
    MISTRAL_7B,
    LayerKind,
    Stack,
    cache_budget,
    cache_bytes,
    max_batch,
    max_tokens,
)
from tests.grader.costs.stacks import stacks

LLAMA, MISTRAL = Stack.of(LLAMA_3_8B), Stack.of(MISTRAL_7B)
budgets = st.integers(0, 20_000)
pages = st.integers(1, 7)
quick = settings(deadline=None, max_examples=100)


def test_the_budget_of_a_cache_is_what_the_weights_leave() -> None:
    assert cache_budget(LLAMA_3_8B, A100) == 80 * GB - 16_060 * 10**6
    assert cache_budget(LLAMA_3_8B, A100, 4) == 80 * GB - 4_015 * 10**6


def test_weights_that_do_not_fit_leave_a_negative_budget_and_no_batch() -> None:
    budget = cache_budget(LLAMA_3_70B, H200)
    assert budget == 141 * GB - 141_200 * 10**6
    assert max_batch(Stack.of(LLAMA_3_70B), 1, budget) == 0
    assert max_tokens(Stack.of(LLAMA_3_70B), budget) == 0
    assert max_tokens(MISTRAL, budget) == 0


@pytest.mark.parametrize(("budget", "batch"), [(10 * GIB, 10), (10 * GIB - 1, 9), (GIB - 1, 0)])
def test_a_batch_that_fits_exactly_fits(budget: int, batch: int) -> None:
    assert max_batch(LLAMA, 8192, budget) == batch


@pytest.mark.parametrize(
    ("budget", "tokens"), [(GIB, 8192), (GIB - 1, 8191), (GIB + 128 * 1024, 8193), (0, 0)]
)
def test_a_text_that_fits_exactly_fits(budget: int, tokens: int) -> None:
    assert max_tokens(LLAMA, budget) == tokens


def test_decimal_gigabytes_hold_fewer_texts_than_binary_ones() -> None:
    assert max_batch(LLAMA, 8192, 80 * GIB) == 80
    assert max_batch(LLAMA, 8192, 80 * GB) == 74


def test_a_window_that_fits_when_full_lets_a_text_have_any_length() -> None:
    full = GIB // 2
    assert max_tokens(MISTRAL, full) is None
    assert max_tokens(MISTRAL, full - 1) == 4095
    assert max_tokens(MISTRAL, 3 * full, 3) is None
    assert max_tokens(MISTRAL, 3 * full - 1, 3) == 4095


def test_sinks_belong_to_the_full_window() -> None:
    model = replace(LLAMA_3_8B, layers=1)
    stack = Stack(model, ((LayerKind(8, sinks=2), 1),))
    assert max_tokens(stack, 10 * 4096) is None
    assert max_tokens(stack, 10 * 4096 - 1) == 9


def test_one_dense_layer_bounds_every_text() -> None:
    stack = Stack(LLAMA_3_8B, ((LayerKind(1024), 31), (DENSE, 1)))
    entry = 4096
    assert max_tokens(stack, entry * (31 * 1024 + 100_000)) == 100_000
    assert max_tokens(stack, entry * (31 * 1024 + 100_000) - 1) == 99_999


def test_pages_round_a_text_down_to_whole_ones() -> None:
    assert max_tokens(LLAMA, GIB - 1, page_tokens=16) == 8192 - 16
    assert max_batch(LLAMA, 8177, 3 * GIB, page_tokens=16) == 3
    assert max_batch(LLAMA, 8177, 3 * GIB - 1, page_tokens=16) == 2


@quick
@given(stacks(), budgets, st.integers(1, 4), pages)
def test_the_longest_text_fits_and_no_longer_one_does(
    stack: Stack, budget: int, batch: int, page: int
) -> None:
    def fits(tokens: int) -> bool:
        return cache_bytes(stack, tokens, batch, page_tokens=page) <= budget

    longest = max_tokens(stack, budget, batch, page_tokens=page)
    if longest is None:
        assert fits(10**9)
    else:
        assert fits(longest)
        assert not fits(longest + 1)


@quick
@given(stacks(), st.integers(1, 40), budgets, pages)
def test_the_largest_batch_fits_and_no_larger_one_does(
    stack: Stack, tokens: int, budget: int, page: int
) -> None:
    batch = max_batch(stack, tokens, budget, page_tokens=page)
    assert cache_bytes(stack, tokens, batch, page_tokens=page) <= budget
    assert cache_bytes(stack, tokens, batch + 1, page_tokens=page) > budget


def test_any_budget_holds_the_more_texts_the_shorter_they_are() -> None:
    budget = cache_budget(LLAMA_3_8B, H100)
    batches = [max_batch(LLAMA, tokens, budget) for tokens in (1024, 8192, 65_536)]
    assert batches == [476, 59, 7]


@pytest.mark.parametrize(
    "call", [lambda: max_batch(LLAMA, 0, GIB), lambda: max_tokens(LLAMA, GIB, 0)]
)
def test_without_texts_or_tokens_there_is_no_largest(call) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        call()

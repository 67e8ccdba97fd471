"""How far information travels, against boolean matrix products of the patterns themselves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.costs import (
    DENSE,
    GEMMA_3_12B,
    MISTRAL_7B,
    LayerKind,
    Stack,
    first_tokens_seen,
    layers_that_see_all,
    layers_to_cross,
    positions_reached,
    reach_back,
    receptive_field,
    unreachable_pairs,
)
from grader.patterns import Causal, Globals, Pattern, Sinks, Slice, Window
from tests.grader.costs.stacks import stack, stacks, windows

Matrix = tuple[frozenset[int], ...]
quick = settings(deadline=None, max_examples=150)
sizes = st.integers(1, 16)
few = st.integers(0, 3)


def sees(pattern: Pattern, n: int) -> Matrix:
    """The rows of a pattern, as sets of keys."""
    return tuple(frozenset(j for j in range(n) if pattern.sees(i, j, n)) for i in range(n))


def product(a: Matrix, b: Matrix) -> Matrix:
    """Row i holds k if a holds (i, j) and b holds (j, k) for some j."""
    return tuple(frozenset().union(*(b[j] for j in row)) for row in a)


def identity(n: int) -> Matrix:
    return tuple(frozenset({i}) for i in range(n))


def hops(pattern: Pattern, n: int) -> dict[tuple[int, int], int]:
    """The first power of the pattern's matrix that holds each pair it ever holds."""
    first: dict[tuple[int, int], int] = {}
    power = identity(n)
    for layers in range(n + 1):
        for i, row in enumerate(power):
            for j in row:
                first.setdefault((i, j), layers)
        power = product(sees(pattern, n), power)
    return first


def dependencies(stack: Stack, n: int) -> Matrix:
    """On which positions each one depends after all layers, residual connections included.

    A layer that shares a cache reads what was known where that cache is made.
    """
    known, cached = identity(n), identity(n)
    for kind, count in stack.groups:
        for _ in range(count):
            if not kind.shares_cache:
                cached = known
            read = product(sees(kind.pattern, n), cached)
            known = tuple(old | new for old, new in zip(known, read, strict=True))
    return known


def causal(window: int, sinks: int) -> Pattern:
    return Causal() & (Window(window) | Sinks(sinks))


def two_sided(window: int, global_tokens: int) -> Pattern:
    return Window(window // 2 + 1) | Globals((Slice(0, global_tokens),))


@quick
@given(sizes, windows, few)
def test_the_layers_of_a_causal_window_are_the_first_power_that_holds_the_pair(
    n: int, window: int, sinks: int
) -> None:
    first = hops(causal(window, sinks), n)
    for i in range(sinks, n):
        for j in range(sinks, i + 1):
            told = layers_to_cross(i - j, window, causal=True, global_tokens=sinks)
            assert told == first.get((i, j))


@quick
@given(sizes, windows, few)
def test_the_layers_of_a_two_sided_window_are_the_first_power_that_holds_the_pair(
    n: int, window: int, global_tokens: int
) -> None:
    first = hops(two_sided(window, global_tokens), n)
    for i in range(global_tokens, n):
        for j in range(global_tokens, n):
            told = layers_to_cross(abs(i - j), window, causal=False, global_tokens=global_tokens)
            assert told == first.get((i, j))


@pytest.mark.parametrize(
    ("distance", "window", "causal", "global_tokens", "layers"),
    [
        (99_999, 4096, True, 0, 25),
        (99_999, 4096, True, 4, 25),
        (4095, 4096, True, 0, 1),
        (4096, 4096, True, 0, 2),
        (3860, 32, False, 0, 242),
        (3860, 32, False, 2, 2),
        (16, 32, False, 2, 1),
        (31, 4, False, 0, 16),
        (0, 1, True, 0, 0),
        (5, 1, True, 4, None),
        (5, 1, False, 0, None),
        (5, 1, False, 1, 2),
    ],
)
def test_known_numbers_of_layers(
    distance: int, window: int, causal: bool, global_tokens: int, layers: int | None
) -> None:
    told = layers_to_cross(distance, window, causal=causal, global_tokens=global_tokens)
    assert told == layers


@quick
@given(st.integers(0, 5), windows, sizes)
def test_the_receptive_field_is_a_row_of_the_power(layers: int, window: int, n: int) -> None:
    power = identity(n)
    for _ in range(layers):
        power = product(sees(causal(window, 0), n), power)
    for i, row in enumerate(power):
        assert receptive_field(layers, window, i + 1) == len(row)


def test_mistral_looks_back_over_131041_positions() -> None:
    assert receptive_field(32, 4096) == 131_041
    assert receptive_field(32, 4096, 1000) == 1000
    assert reach_back(Stack.of(MISTRAL_7B)) == 131_040
    assert positions_reached(Stack.of(MISTRAL_7B), 200_000) == 131_041


@quick
@given(stacks(), sizes)
def test_what_a_stack_reaches_is_what_products_of_its_layers_hold(stack: Stack, n: int) -> None:
    known = dependencies(stack, n)
    assert [positions_reached(stack, i + 1) for i in range(n)] == [len(row) for row in known]
    missing = sum(j not in known[i] for i in range(n) for j in range(i + 1))
    assert unreachable_pairs(stack, n) == missing


@quick
@given(stacks(st.builds(LayerKind, st.integers(1, 4), st.integers(0, 2))), st.integers(20, 40))
def test_windows_too_small_for_the_text_leave_pairs_that_never_meet(stack: Stack, n: int) -> None:
    known = dependencies(stack, n)
    missing = sum(j not in known[i] for i in range(n) for j in range(i + 1))
    assert unreachable_pairs(stack, n) == missing


@quick
@given(stacks(), st.integers(0, 10**6))
def test_unreachable_pairs_are_the_rest_of_what_each_position_reaches(stack: Stack, n: int) -> None:
    last = n + 1
    grown = unreachable_pairs(stack, last) - unreachable_pairs(stack, n)
    assert grown == last - positions_reached(stack, last)


@quick
@given(stacks(), sizes)
def test_layers_that_see_all_are_those_whose_last_row_is_full(stack: Stack, n: int) -> None:
    full = 0
    for kind, count in stack.groups:
        row = [kind.pattern.sees(n - 1, key, n) for key in range(n)]
        full += count * all(row)
    assert layers_that_see_all(stack, n) == full


@quick
@given(stacks(), sizes)
def test_first_tokens_seen_begin_every_last_row(stack: Stack, n: int) -> None:
    told = first_tokens_seen(stack, n)
    rows = [kind.pattern for kind, _ in stack.groups]
    assert all(row.sees(n - 1, key, n) for row in rows for key in range(told))
    # The next one is out of sight in some layer, or within the window that follows the sinks.
    more = told < n and all(row.sees(n - 1, told, n) for row in rows)
    assert not more or any(kind.sinks == told and kind.window for kind, _ in stack.groups)


def test_first_tokens_are_lost_by_the_layer_that_keeps_fewest() -> None:
    mixed = stack((LayerKind(3, 4), 2), (LayerKind(3, 2), 1), (DENSE, 1))
    assert first_tokens_seen(mixed, 100) == 2
    assert first_tokens_seen(mixed, 6) == 2
    assert first_tokens_seen(mixed, 5) == 5
    assert first_tokens_seen(stack((DENSE, 1)), 100) == 100
    assert first_tokens_seen(stack((LayerKind(60, 40), 1)), 100) == 100
    assert layers_that_see_all(mixed, 100) == 1
    assert layers_that_see_all(mixed, 7) == 3
    assert layers_that_see_all(mixed, 5) == 4


def test_a_dense_layer_anywhere_lets_all_pairs_meet() -> None:
    assert reach_back(Stack.of(GEMMA_3_12B)) is None
    assert unreachable_pairs(Stack.of(GEMMA_3_12B), 10**6) == 0
    assert unreachable_pairs(stack((LayerKind(2), 3), (DENSE, 1)), 1000) == 0


def test_sinks_let_all_see_the_beginning_and_carry_nothing_else() -> None:
    without, with_sinks = (stack((LayerKind(3, sinks), 2)) for sinks in (0, 4))
    assert reach_back(without) == reach_back(with_sinks) == 4
    # Position 100 depends on itself and 4 before it, and then on the 4 sinks.
    assert positions_reached(without, 100) == 5
    assert positions_reached(with_sinks, 100) == 9
    assert unreachable_pairs(without, 100) == 95 * 96 // 2
    assert unreachable_pairs(with_sinks, 100) == 91 * 92 // 2


def test_layers_that_share_a_cache_reach_no_farther() -> None:
    shares = LayerKind(5, shares_cache=True)
    assert reach_back(stack((LayerKind(5), 1), (shares, 3))) == 4
    assert reach_back(stack((LayerKind(5), 4))) == 16


def test_the_smallest_texts_have_no_pair_that_cannot_meet() -> None:
    alone = stack((LayerKind(1), 1))
    assert [unreachable_pairs(alone, n) for n in (0, 1, 2)] == [0, 0, 1]


@pytest.mark.parametrize(
    "call",
    [
        lambda: layers_to_cross(-1, 4, causal=True),
        lambda: layers_to_cross(4, 0, causal=True),
        lambda: layers_to_cross(4, 4, causal=False, global_tokens=-1),
        lambda: receptive_field(-1, 4),
        lambda: receptive_field(1, 0),
        lambda: receptive_field(1, 4, 0),
        lambda: positions_reached(stack((DENSE, 1)), 0),
        lambda: unreachable_pairs(stack((DENSE, 1)), -1),
        lambda: layers_that_see_all(stack((DENSE, 1)), 0),
        lambda: first_tokens_seen(stack((DENSE, 1)), 0),
    ],
)
def test_an_argument_out_of_range_is_refused(call) -> None:
    with pytest.raises(ValueError, match="must be at least"):
        call()

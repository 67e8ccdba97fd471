"""The tolerance: honest code of any style passes, a single wrong key does not."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.contract import Case, Draw
from grader.exercises import EXERCISES
from grader.judge.calls import Call, rule_of, visible
from grader.judge.correctness import FULL_ROWS, compare, rows_to_check
from grader.judge.expected import mask_rows
from grader.judge.inputs import Inputs
from tests.grader.judge.honest import VARIANTS, naive

EXERCISE = EXERCISES["sliding-window"]


def fixed(value):
    return Draw(low=value, high=value)


def drawn(n, window, kind, seed, d=16, batch=1, heads=2):
    case = Case(
        n=fixed(n),
        batch=fixed(batch),
        heads=fixed(heads),
        d=fixed(d),
        parameters={"window": fixed(window)},
        inputs=kind,
    )
    call = Inputs(EXERCISE, seed).draw(case)
    rule = rule_of(EXERCISE, call)
    return call, rule, mask_rows(rule.pattern, torch.arange(n), n)


def judged(call, rule, output):
    return compare(call, rule, output, torch.arange(call.n))


@settings(deadline=None, max_examples=25)
@given(
    st.integers(1, 70),
    st.integers(1, 80),
    st.sampled_from(["random", "large", "needles"]),
    st.integers(0, 2**40),
)
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.__name__)
def test_honest_code_passes(variant, n, window, kind, seed):
    call, rule, mask = drawn(n, window, kind, seed)
    assert judged(call, rule, variant(call.q, call.k, call.v, mask)).passed


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.__name__)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_honest_code_passes_at_tiny_sizes_with_tiny_heads(variant, n):
    for seed in range(30):
        for kind in ("random", "large"):
            call, rule, mask = drawn(n, 5, kind, seed, d=8, heads=1)
            assert judged(call, rule, variant(call.q, call.k, call.v, mask)).passed


@settings(deadline=None, max_examples=60)
@given(st.data(), st.integers(2, 200), st.integers(2, 64), st.integers(0, 2**40))
def test_one_key_dropped_or_added_in_one_row_is_wrong(data, n, window, seed):
    call, rule, mask = drawn(n, window, "random", seed)
    i = data.draw(st.integers(1, n - 1))
    j = data.draw(st.integers(0, n - 1))
    flipped = mask.clone()
    flipped[i, j] = ~flipped[i, j]
    assert not judged(call, rule, naive(call.q, call.k, call.v, flipped)).passed


@pytest.mark.parametrize("shift", [-1, 1])
def test_a_window_off_by_one_is_wrong_by_orders_of_magnitude(shift):
    call, rule, _ = drawn(600, 256, "random", 3, d=64)
    off = visible(EXERCISE, {"window": 256 + shift})
    output = naive(call.q, call.k, call.v, mask_rows(off, torch.arange(600), 600))
    assert judged(call, rule, output).strain > 1_000


def test_needles_make_an_edge_off_by_one_move_most_of_the_weight():
    call, rule, _ = drawn(300, 100, "needles", 5, d=64)
    off = visible(EXERCISE, {"window": 101})
    output = naive(call.q, call.k, call.v, mask_rows(off, torch.arange(300), 300))
    assert judged(call, rule, output).error > 1.0


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_one_value_that_is_not_finite_is_wrong(bad):
    call, rule, mask = drawn(20, 4, "random", 1)
    output = naive(call.q, call.k, call.v, mask)
    output[0, 1, 13, 3] = bad
    found = judged(call, rule, output)
    assert not found.passed
    assert (found.error, found.query) == (None, 13)


def test_an_unwritten_row_is_wrong():
    call, rule, mask = drawn(20, 4, "random", 1)
    output = naive(call.q, call.k, call.v, mask)
    output[:, :, 5] = float("nan")
    assert not judged(call, rule, output).passed


def test_all_zeros_are_wrong():
    call, rule, _ = drawn(60, 60, "random", 1)
    assert not judged(call, rule, torch.zeros_like(call.q)).passed


def test_half_precision_is_wrong():
    call, rule, mask = drawn(60, 20, "random", 1)
    output = naive(call.q.half(), call.k.half(), call.v.half(), mask).float()
    assert not judged(call, rule, output).passed


def test_every_row_of_a_short_call_is_checked():
    call, _, _ = drawn(FULL_ROWS, 5, "random", 1, d=1)
    assert len(rows_to_check(call, torch.Generator())) == FULL_ROWS


def test_a_long_call_is_checked_at_its_edges_and_at_fresh_random_rows():
    empty = torch.zeros(1, 1, 8192, 1)
    call = Call(empty, empty, empty, {"window": 256})
    generator = torch.Generator().manual_seed(1)
    first, second = (set(rows_to_check(call, generator).tolist()) for _ in range(2))
    assert {0, 1, 255, 256, 257, 8190, 8191} <= first & second
    assert first != second

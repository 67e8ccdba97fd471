"""Draws from a seed: the same for ever, and fair."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.draws import Draws


def test_draws_never_change() -> None:
    # If this fails, every learner's numbers have changed under them: bring the old draws back.
    draws = Draws(20_260_101, "numeric")
    assert [draws.below(1000) for _ in range(6)] == [949, 306, 942, 363, 836, 488]
    assert draws.shuffled("abcdef") == ["a", "c", "b", "d", "e", "f"]


def test_other_seeds_and_other_purposes_draw_otherwise() -> None:
    streams = [Draws(1, "choice"), Draws(2, "choice"), Draws(1, "numeric")]
    assert len({tuple(stream.below(10**6) for _ in range(3)) for stream in streams}) == 3


@given(st.integers(0, 2**63), st.integers(1, 2**64))
def test_a_draw_stays_below_its_bound(seed: int, bound: int) -> None:
    assert 0 <= Draws(seed, "x").below(bound) < bound


@given(st.integers(0, 2**63), st.integers(-50, 50), st.integers(0, 100))
def test_both_ends_are_included_and_nothing_beyond(seed: int, low: int, width: int) -> None:
    assert low <= Draws(seed, "x").between(low, low + width) <= low + width


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing from 3 to 2"):
        Draws(1, "x").between(3, 2)


@given(st.integers(0, 2**63), st.lists(st.integers(), max_size=12))
def test_shuffling_loses_and_adds_nothing(seed: int, items: list[int]) -> None:
    assert Counter(Draws(seed, "x").shuffled(items)) == Counter(items)


def test_every_order_of_three_is_about_equally_likely() -> None:
    orders = Counter("".join(Draws(seed, "x").shuffled("abc")) for seed in range(6000))
    assert len(orders) == 6
    assert all(abs(count - 1000) < 150 for count in orders.values())

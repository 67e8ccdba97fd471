"""Credit for a choice of several, against the formulas of the platforms it is taken from."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.marking.multi import (
    SCHEMES,
    Scheme,
    Ticks,
    credit,
    guessing,
    how_marked,
    usual_weights,
)

POINTS = 7  # as a platform that marks in points would have it; credit must not depend on it


@st.composite
def ticks(draw: st.DrawFn) -> Ticks:
    right = draw(
        st.lists(st.booleans(), min_size=2, max_size=8).filter(lambda row: len(set(row)) == 2)
    )
    ticked = draw(st.lists(st.booleans(), min_size=len(right), max_size=len(right)))
    return Ticks(tuple(right), tuple(ticked), usual_weights(right))


def canvas(one: Ticks) -> Fraction:
    points = Fraction(POINTS * one.hits, one.rights) - Fraction(POINTS * one.wrongs, one.rights)
    return max(Fraction(0), points) / POINTS


def moodle(one: Ticks) -> Fraction:
    chosen = [weight for weight, t in zip(one.weights, one.ticked, strict=True) if t]
    return min(Fraction(1), max(Fraction(0), sum(chosen, Fraction(0))))


def net(one: Ticks) -> Fraction:
    return max(Fraction(0), Fraction(one.hits - one.wrongs, one.rights))


def each(one: Ticks) -> Fraction:
    agreeing = sum(r == t for r, t in zip(one.right, one.ticked, strict=True))
    return Fraction(agreeing, len(one.right))


def coverage(one: Ticks) -> Fraction:
    chosen = sum(one.ticked)
    return Fraction(one.hits, one.rights) * Fraction(one.hits, chosen) if chosen else Fraction(0)


@given(ticks())
def test_each_scheme_is_that_of_its_platform(one: Ticks) -> None:
    assert credit("net", one) == net(one) == canvas(one)
    assert credit("weights", one) == moodle(one)
    assert credit("each", one) == each(one)
    assert credit("coverage", one) == coverage(one)


@pytest.mark.parametrize("scheme", SCHEMES)
@given(one=ticks())
def test_exactly_the_right_choices_earn_everything_and_nothing_else_does(
    scheme: Scheme, one: Ticks
) -> None:
    full = credit(scheme, one) == 1
    assert full == (one.right == one.ticked)
    assert 0 <= credit(scheme, one) <= 1


@pytest.mark.parametrize("scheme", SCHEMES)
@given(one=ticks(), place=st.integers(0, 7))
def test_one_more_right_decision_never_costs_anything(
    scheme: Scheme, one: Ticks, place: int
) -> None:
    place %= len(one.right)
    ticked = list(one.ticked)
    ticked[place] = one.right[place]
    better = Ticks(one.right, tuple(ticked), one.weights)
    assert credit(scheme, better) >= credit(scheme, one)


def test_weights_of_ones_own_count_as_they_are() -> None:
    right = (True, True, False, False)
    weights = (Fraction(3, 4), Fraction(1, 4), Fraction(0), Fraction(-1))
    ticked = {
        (True, False, True, False): Fraction(3, 4),
        (False, True, False, True): Fraction(0),
        (True, True, True, False): Fraction(1),
    }
    for row, expected in ticked.items():
        assert credit("weights", Ticks(right, row, weights)) == expected


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_guessing_earns_is_the_mean_over_all_that_can_be_ticked(scheme: Scheme) -> None:
    right = (True, False, True, False, False)
    weights = usual_weights(right)
    rows = list(product((False, True), repeat=5))
    mean = sum(credit(scheme, Ticks(right, row, weights)) for row in rows) / Fraction(len(rows))
    found = guessing(scheme, right, weights)
    assert found.at_random == mean
    assert found.everything == credit(scheme, Ticks(right, (True,) * 5, weights))


def test_guessing_earns_least_where_it_must_all_be_right_and_half_where_each_decision_counts() -> (
    None
):
    right = (True, False, True, False)
    found = {scheme: guessing(scheme, right, usual_weights(right)) for scheme in SCHEMES}
    assert found["all-or-nothing"].at_random == Fraction(1, 16)
    assert found["each"].at_random == Fraction(1, 2)
    assert found["balanced"].everything == found["net"].everything == 0


@pytest.mark.parametrize("scheme", SCHEMES)
def test_how_it_is_marked_is_told_without_how_many_are_right(scheme: Scheme) -> None:
    assert "Credit" in how_marked(scheme, 5) or "credit" in how_marked(scheme, 5)
    assert len({how_marked(scheme, 5) for scheme in SCHEMES}) == len(SCHEMES)

"""How far a number may be off: Moodle's three rules, and significant figures, exactly."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.marking.tolerances import RULES, Rule, bounds, leading_place, within


def exact(text: str) -> Fraction:
    return Fraction(Decimal(text))


@pytest.mark.parametrize(
    ("rule", "size", "right", "low", "high"),
    [
        ("nominal", "0.02", "-11.7", "-11.72", "-11.68"),
        ("relative", "0.1", "-20", "-22", "-18"),
        ("geometric", "0.25", "20", "16", "25"),
        ("geometric", "0.25", "-20", "-25", "-16"),
        ("figures", "3", "4.97", "4.965", "4.975"),
        ("figures", "2", "1234", "1184", "1284"),
        ("figures", "3", "0.001234", "0.001229", "0.001239"),
    ],
)
def test_the_bounds_are_accepted_and_what_is_beyond_is_not(
    rule: Rule, size: str, right: str, low: str, high: str
) -> None:
    a_little = Fraction(1, 10**9)
    found = bounds(rule, exact(size), exact(right))
    assert found == (exact(low), exact(high))
    for edge, outwards in zip(found, (-a_little, a_little), strict=True):
        assert within(rule, exact(size), edge, exact(right))
        assert not within(rule, exact(size), edge + outwards, exact(right))


@given(
    st.sampled_from(RULES),
    st.integers(1, 9),
    st.fractions(min_value=-(10**6), max_value=10**6).filter(bool),
)
def test_the_right_number_is_always_accepted(rule: Rule, size: int, right: Fraction) -> None:
    assert within(rule, Fraction(size), right, right)


@given(st.decimals(min_value="1e-6", max_value="1e12", places=8), st.integers(1, 9))
def test_a_correctly_rounded_number_has_its_significant_figures(
    right: Decimal, figures: int
) -> None:
    rounded = Decimal(f"{right:.{figures - 1}e}")
    assert within("figures", Fraction(figures), Fraction(rounded), Fraction(right))


@pytest.mark.parametrize(
    ("value", "place"), [("1", 0), ("9.99", 0), ("10", 1), ("0.99", -1), ("-0.001", -3), ("1e9", 9)]
)
def test_the_leading_place_is_that_of_the_first_digit(value: str, place: int) -> None:
    assert leading_place(exact(value)) == place

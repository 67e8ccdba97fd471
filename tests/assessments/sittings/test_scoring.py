"""Points are exact, and a range while something is undecided."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import (
    EVERYTHING,
    NOTHING,
    OPEN,
    Credit,
    Score,
    credit_of_answer,
    credit_of_code,
    score_of,
)

shares = st.decimals(0, 1, places=4)
points = st.decimals(0, 1000, places=2)
earned = st.tuples(shares, shares).map(lambda pair: Credit(min(pair), max(pair)))
questions = st.lists(st.tuples(points, earned), max_size=40)


@given(questions)
def test_points_add_up_exactly(listed: list[tuple[Decimal, Credit]]) -> None:
    score = score_of(listed)
    assert Fraction(score.least) == sum(Fraction(p) * Fraction(c.least) for p, c in listed)
    assert Fraction(score.most) == sum(Fraction(p) * Fraction(c.most) for p, c in listed)
    assert 0 <= score.least <= score.most <= score.of


@given(questions)
def test_percentages_stay_between_nothing_and_all(listed: list[tuple[Decimal, Credit]]) -> None:
    percent = score_of(listed).percent
    if percent is None:
        assert not any(p for p, _credit in listed)
    else:
        assert 0 <= percent[0] <= percent[1] <= 100


@given(questions, st.data())
def test_deciding_something_narrows_the_range(
    listed: list[tuple[Decimal, Credit]], data: st.DataObject
) -> None:
    if not listed:
        return
    place = data.draw(st.integers(0, len(listed) - 1))
    worth, credit = listed[place]
    decided = data.draw(st.decimals(credit.least, credit.most, places=4))
    after = score_of([*listed[:place], (worth, Credit(decided, decided)), *listed[place + 1 :]])
    before = score_of(listed)
    assert before.least <= after.least <= after.most <= before.most


def test_code_counts_whole_or_not_and_is_open_until_it_is_judged() -> None:
    assert credit_of_code(True) == EVERYTHING
    assert credit_of_code(False) == NOTHING
    assert credit_of_code(None) == OPEN
    assert not OPEN.is_decided


def test_what_waits_for_a_person_is_between_what_was_decided_and_all() -> None:
    credit = credit_of_answer(Decimal("0.25"), Decimal("0.5"))
    assert (credit.least, credit.most) == (Decimal("0.25"), Decimal("0.75"))


def test_halves_are_rounded_upwards() -> None:
    assert Score(Decimal("0.125"), Decimal("0.125"), Decimal(1)).rounded().least == Decimal("0.13")
    assert Score(Decimal(1), Decimal(1), Decimal(16)).percent == (Decimal("6.3"), Decimal("6.3"))


@pytest.mark.parametrize("pair", [("0.5", "0.4"), ("-0.1", "0"), ("0", "1.1")])
def test_what_is_no_share_is_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="no share"):
        Credit(Decimal(pair[0]), Decimal(pair[1]))

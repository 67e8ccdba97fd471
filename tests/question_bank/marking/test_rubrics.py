"""Points by a rubric: exact shares between nothing and all, weighed by what each text is worth."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.kinds.writing import Criterion, Words, Writing, Written
from question_bank.marking.rubrics import MarkedText, earned

shares = st.fractions(min_value=Fraction(1, 100), max_value=1, max_denominator=100)


@st.composite
def texts(draw: st.DrawFn) -> MarkedText:
    of = draw(st.integers(1, 200))
    return MarkedText(draw(st.integers(0, of)), of, draw(shares))


several = st.lists(texts(), min_size=1, max_size=6)


@given(several)
def test_what_is_earned_lies_between_nothing_and_all(marked: list[MarkedText]) -> None:
    assert 0 <= earned(marked) <= 1


@given(several)
def test_all_is_earned_by_all_points_alone(marked: list[MarkedText]) -> None:
    assert (earned(marked) == 1) == all(text.points == text.of for text in marked)


@given(several)
def test_nothing_is_earned_by_no_points_alone(marked: list[MarkedText]) -> None:
    assert (earned(marked) == 0) == all(text.points == 0 for text in marked)


@given(st.integers(1, 200), st.data(), shares)
def test_of_one_text_it_is_points_of_points_whatever_its_share(
    of: int, data: st.DataObject, share: Fraction
) -> None:
    points = data.draw(st.integers(0, of))
    assert earned([MarkedText(points, of, share)]) == Fraction(points, of)


@given(several, st.data())
def test_another_point_adds_its_share_of_what_waited(
    marked: list[MarkedText], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(marked) - 1))
    text = marked[place]
    if text.points == text.of:
        return
    better = [*marked]
    better[place] = MarkedText(text.points + 1, text.of, text.share)
    whole = sum(one.share for one in marked)
    assert earned(better) - earned(marked) == text.share / text.of / whole


@given(several, st.randoms(use_true_random=False))
def test_the_order_of_texts_does_not_matter(marked: list[MarkedText], rng: object) -> None:
    other = [*marked]
    rng.shuffle(other)  # type: ignore[attr-defined]
    assert earned(other) == earned(marked)


@pytest.mark.parametrize(
    "marked",
    [
        [],
        [MarkedText(-1, 3, Fraction(1))],
        [MarkedText(4, 3, Fraction(1))],
        [MarkedText(0, 0, Fraction(1))],
        [MarkedText(1, 3, Fraction(0))],
    ],
)
def test_what_no_rubric_gives_is_refused(marked: list[MarkedText]) -> None:
    with pytest.raises(ValueError, match=r"text|points"):
        earned(marked)


LEVELS = ({"points": 0, "description": "None."}, {"points": 3, "description": "All."})
RUBRIC = (
    Criterion(key="cause", title="Cause", points=3, levels=LEVELS),  # type: ignore[arg-type]
    Criterion(key="clear", title="Clear", points=2, description="No filler."),
)
TEXT = Written("text", Fraction(1, 2), Writing(Words(least=1, most=9), RUBRIC))


def test_points_are_added_up_over_the_criteria() -> None:
    assert TEXT.marked({"cause": 3, "clear": 1}) == MarkedText(4, 5, Fraction(1, 2))


def test_nothing_can_be_given_though_no_level_says_so() -> None:
    levels = ({"points": 1, "description": "Some."}, {"points": 2, "description": "All."})
    criterion = Criterion(key="cause", title="Cause", points=2, levels=levels)  # type: ignore[arg-type]
    assert criterion.steps == (0, 1, 2)


@pytest.mark.parametrize(
    ("points", "fault"),
    [
        ({"cause": 1, "clear": 1}, ValueError),
        ({"cause": 3, "clear": 3}, ValueError),
        ({"cause": 3, "clear": -1}, ValueError),
        ({"cause": 3, "clear": 1, "long": 1}, ValueError),
        ({"cause": 3}, KeyError),
    ],
)
def test_points_are_those_of_the_rubric(points: dict[str, int], fault: type[Exception]) -> None:
    with pytest.raises(fault):
        TEXT.marked(points)

"""When one may begin, until when, and what is seen when: rules without a database."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Assessment, Sitting
from assessments.timing import (
    Refusal,
    closed_for_all_at,
    due_at,
    feedback_open,
    grace_until,
    is_going_on,
    may_begin,
    scaled,
    still_takes,
    terms_of,
    terms_of_test,
)

OPENS = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
Feedback = Assessment.Feedback

factors = st.decimals(1, 10, places=2)
moments = st.integers(-(10**6), 10**6).map(lambda seconds: OPENS + timedelta(seconds=seconds))


def assessment(**told: object) -> Assessment:
    usual = {"published_at": OPENS - HOUR, "opens_at": OPENS, "closes_at": OPENS + 3 * HOUR}
    return Assessment(**(usual | told))


@st.composite
def assessments(draw: st.DrawFn) -> Assessment:
    opens = draw(st.none() | st.just(OPENS))
    closes = draw(st.none() | st.integers(1, 10**6))
    return assessment(
        opens_at=opens,
        closes_at=None if closes is None else OPENS + timedelta(seconds=closes),
        minutes=draw(st.none() | st.integers(1, 600)),
        grace_seconds=draw(st.integers(0, 600)),
        sittings_allowed=draw(st.none() | st.integers(1, 5)),
    )


@given(st.timedeltas(timedelta(0), timedelta(days=400)), factors)
def test_a_duration_is_scaled_exactly(duration: timedelta, factor: Decimal) -> None:
    tick = timedelta(microseconds=1)
    exact = Fraction(duration // tick) * Fraction(factor)
    assert scaled(duration, factor) // tick == exact // 1


def test_a_factor_scales_time_window_and_grace_alike() -> None:
    terms = terms_of(assessment(minutes=60, grace_seconds=30), Decimal("1.5"))
    assert terms.time == timedelta(minutes=90)
    assert terms.closes_at == OPENS + 4.5 * HOUR
    assert terms.grace == 45 * SECOND


def test_a_sitting_ends_when_its_time_is_over() -> None:
    assert due_at(terms_of(assessment(minutes=60)), OPENS + HOUR) == OPENS + 2 * HOUR


def test_a_sitting_begun_late_ends_when_the_assessment_closes() -> None:
    late = OPENS + 2.5 * HOUR
    assert due_at(terms_of(assessment(minutes=60)), late) == OPENS + 3 * HOUR


def test_a_sitting_without_any_time_never_ends() -> None:
    terms = terms_of(assessment(closes_at=None))
    assert due_at(terms, OPENS) is None
    assert grace_until(terms, None) is None


@given(assessments(), factors, factors, moments)
def test_more_time_never_ends_a_sitting_earlier(
    one: Assessment, factor: Decimal, other: Decimal, started: datetime
) -> None:
    less, more = (terms_of(one, each) for each in sorted((factor, other)))
    ends = due_at(less, started), due_at(more, started)
    if ends[0] is None or ends[1] is None:
        assert ends == (None, None)
        return
    assert ends[0] <= ends[1]
    graces = grace_until(less, ends[0]), grace_until(more, ends[1])
    assert graces[0] is not None
    assert graces[1] is not None
    assert graces[0] - ends[0] <= graces[1] - ends[1]


@pytest.mark.parametrize(
    ("told", "now", "taken", "is_open", "refusal"),
    [
        ({}, OPENS - SECOND, 0, False, Refusal.NOT_OPEN_YET),
        ({}, OPENS, 0, False, None),
        ({}, OPENS + 3 * HOUR - SECOND, 0, False, None),
        ({}, OPENS + 3 * HOUR, 0, False, Refusal.CLOSED),
        ({}, OPENS, 7, False, None),
        ({"sittings_allowed": 2}, OPENS, 1, False, None),
        ({"sittings_allowed": 2}, OPENS, 2, False, Refusal.NONE_LEFT),
        ({}, OPENS, 1, True, Refusal.ONE_IS_OPEN),
        ({"published_at": None}, OPENS, 0, False, Refusal.UNPUBLISHED),
    ],
)
def test_who_may_begin_and_why_not(
    told: dict[str, object], now: datetime, taken: int, is_open: bool, refusal: Refusal | None
) -> None:
    terms = terms_of(assessment(**told))
    assert may_begin(terms, taken=taken, is_open=is_open, now=now) == refusal


def test_an_accommodation_reaches_past_the_usual_closing_and_adds_sittings() -> None:
    terms = terms_of(assessment(sittings_allowed=1), Decimal(2), extra=1)
    assert may_begin(terms, taken=1, is_open=False, now=OPENS + 5 * HOUR) is None
    assert may_begin(terms, taken=1, is_open=False, now=OPENS + 6 * HOUR) is Refusal.CLOSED


@given(assessments(), factors, moments, st.integers(0, 6))
def test_a_sitting_that_may_begin_has_time_left(
    one: Assessment, factor: Decimal, now: datetime, taken: int
) -> None:
    terms = terms_of(one, factor)
    if may_begin(terms, taken=taken, is_open=False, now=now) is None:
        due = due_at(terms, now)
        assert due is None or due > now


def test_every_refusal_is_told_in_words() -> None:
    assert len({str(refusal.words) for refusal in Refusal}) == len(Refusal)


def test_whoever_tries_it_out_has_the_time_and_no_window() -> None:
    closed = assessment(minutes=60, closes_at=OPENS + HOUR, published_at=None, sittings_allowed=1)
    terms = terms_of_test(closed)
    assert may_begin(terms, taken=3, is_open=False, now=OPENS + 9 * HOUR) is None
    assert due_at(terms, OPENS + 9 * HOUR) == OPENS + 10 * HOUR


def test_answers_are_taken_until_the_grace_is_over_and_code_until_the_end() -> None:
    sitting = Sitting(due_at=OPENS, grace_until=OPENS + 30 * SECOND)
    moments = [OPENS, OPENS + SECOND, OPENS + 30 * SECOND, OPENS + 31 * SECOND]
    assert [is_going_on(sitting, now) for now in moments] == [True, False, False, False]
    assert [still_takes(sitting, now) for now in moments] == [True, True, True, False]
    sitting.handed_in_at = OPENS - HOUR
    assert not still_takes(sitting, OPENS - HOUR)


OPEN_SITTING, HANDED_IN = Sitting(), Sitting(handed_in_at=OPENS + HOUR)


@pytest.mark.parametrize(
    ("rule", "while_open", "handed_in", "closed", "released"),
    [
        (Feedback.AT_ONCE, True, True, True, True),
        (Feedback.HANDED_IN, False, True, True, True),
        (Feedback.CLOSED, False, False, True, True),
        (Feedback.RELEASED, False, False, False, True),
    ],
)
def test_feedback_is_seen_by_the_rule(
    rule: str, while_open: bool, handed_in: bool, closed: bool, released: bool
) -> None:
    one = assessment(feedback=rule)
    last = closed_for_all_at(one, [])
    soon, late = OPENS + 2 * HOUR, OPENS + 30 * HOUR
    assert feedback_open(one, OPEN_SITTING, soon, last) is while_open
    assert feedback_open(one, HANDED_IN, soon, last) is handed_in
    assert feedback_open(one, HANDED_IN, late, last) is closed
    one.released_at = OPENS + HOUR
    assert feedback_open(one, HANDED_IN, late, last) is released
    assert feedback_open(one, OPEN_SITTING, late, last) is while_open


def test_a_release_in_the_future_is_none_yet() -> None:
    one = assessment(feedback=Feedback.RELEASED, released_at=OPENS + 9 * HOUR)
    assert not feedback_open(one, HANDED_IN, OPENS + 2 * HOUR)


def test_it_has_closed_for_all_only_when_the_last_grace_is_over() -> None:
    one = assessment(feedback=Feedback.CLOSED, grace_seconds=60)
    last = closed_for_all_at(one, [Decimal(2), Decimal("1.25")])
    assert last == OPENS + 6 * HOUR + 120 * SECOND
    assert not feedback_open(one, HANDED_IN, last, last)
    assert feedback_open(one, HANDED_IN, last + SECOND, last)


def test_what_never_closes_gives_its_feedback_only_when_released() -> None:
    one = assessment(feedback=Feedback.CLOSED, closes_at=None)
    assert closed_for_all_at(one, [Decimal(3)]) is None
    assert not feedback_open(one, HANDED_IN, OPENS + 900 * HOUR, None)


def test_whoever_tries_it_out_sees_feedback_once_they_have_handed_in() -> None:
    one = assessment(feedback=Feedback.RELEASED)
    assert not feedback_open(one, Sitting(is_test=True), OPENS)
    assert feedback_open(one, Sitting(is_test=True, handed_in_at=OPENS), OPENS)

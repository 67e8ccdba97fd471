"""When an assessment may be sat, and until when. Pure: no database, and the caller tells the time.

A learner's accommodation has a factor of 1 or more that scales durations alike: the time of a
sitting, the time from opening to closing, and the grace time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Sitting

_TICK = timedelta(microseconds=1)


class Refusal(StrEnum):
    """Why no sitting begins."""

    UNPUBLISHED = "unpublished"
    NOT_OPEN_YET = "not_open_yet"
    CLOSED = "closed"
    NONE_LEFT = "none_left"
    ONE_IS_OPEN = "one_is_open"

    @property
    def words(self) -> Promise:
        """The reason, for whoever wanted to begin."""
        return _WORDS[self]


_WORDS: dict[Refusal, Promise] = {
    Refusal.UNPUBLISHED: _("It is not published yet."),
    Refusal.NOT_OPEN_YET: _("It has not opened yet."),
    Refusal.CLOSED: _("It has closed."),
    Refusal.NONE_LEFT: _("You have no sittings left."),
    Refusal.ONE_IS_OPEN: _("You are sitting it already."),
}


@dataclass(frozen=True)
class Terms:
    """What holds for one learner at an assessment, their accommodation taken into account.

    ``time`` is how long one sitting may take, ``sittings`` how many there may be; None is no limit.
    """

    published: bool
    opens_at: datetime | None
    closes_at: datetime | None
    time: timedelta | None
    grace: timedelta
    sittings: int | None


def scaled(duration: timedelta, factor: Decimal) -> timedelta:
    """Return a duration times a factor, exact to the microsecond (rounded down)."""
    return int(duration // _TICK * factor) * _TICK


def terms_of(assessment: Assessment, factor: Decimal = Decimal(1), extra: int = 0) -> Terms:
    """Return what holds at an assessment for a learner with this factor and so many more sittings.

    A closing without an opening is not scaled: there is no duration to scale.
    """
    opens, closes = assessment.opens_at, assessment.closes_at
    if opens is not None and closes is not None:
        closes = opens + scaled(closes - opens, factor)
    minutes, allowed = assessment.minutes, assessment.sittings_allowed
    return Terms(
        published=assessment.published_at is not None,
        opens_at=opens,
        closes_at=closes,
        time=None if minutes is None else scaled(timedelta(minutes=minutes), factor),
        grace=scaled(timedelta(seconds=assessment.grace_seconds), factor),
        sittings=None if allowed is None else allowed + extra,
    )


def terms_of_test(assessment: Assessment) -> Terms:
    """Return what holds where an instructor tries an assessment out: its time, and no window."""
    usual = terms_of(assessment)
    return Terms(True, None, None, usual.time, usual.grace, None)


def may_begin(terms: Terms, *, taken: int, is_open: bool, now: datetime) -> Refusal | None:
    """Return why no sitting begins now, or None where one may.

    ``taken`` is how many the learner has begun, ``is_open`` whether one of them goes on.
    """
    if not terms.published:
        return Refusal.UNPUBLISHED
    if is_open:
        return Refusal.ONE_IS_OPEN
    if terms.opens_at is not None and now < terms.opens_at:
        return Refusal.NOT_OPEN_YET
    if terms.closes_at is not None and now >= terms.closes_at:
        return Refusal.CLOSED
    if terms.sittings is not None and taken >= terms.sittings:
        return Refusal.NONE_LEFT
    return None


def due_at(terms: Terms, started: datetime) -> datetime | None:
    """Return when a sitting ends that started then: its time over, or the assessment closed."""
    ends = [] if terms.time is None else [started + terms.time]
    if terms.closes_at is not None:
        ends.append(terms.closes_at)
    return min(ends, default=None)


def grace_until(terms: Terms, due: datetime | None) -> datetime | None:
    """Return until when what was typed before the end may still arrive."""
    return None if due is None else due + terms.grace


def closed_for_all_at(assessment: Assessment, factors: Iterable[Decimal]) -> datetime | None:
    """Return when the last learner's last sitting is over; None where it never closes.

    ``factors`` are those of the accommodations that apply to it.
    """
    last = [terms_of(assessment, factor) for factor in {Decimal(1), *factors}]
    return max(
        (one.closes_at + one.grace for one in last if one.closes_at is not None), default=None
    )


def is_going_on(sitting: Sitting, now: datetime) -> bool:
    """Whether a sitting is neither handed in nor past its end."""
    return sitting.handed_in_at is None and (sitting.due_at is None or now <= sitting.due_at)


def still_takes(sitting: Sitting, now: datetime) -> bool:
    """Whether answers that arrive now count: the sitting goes on, or its grace time runs."""
    ends = sitting.grace_until
    return sitting.handed_in_at is None and (ends is None or now <= ends)


def instant_feedback(assessment: Assessment) -> bool:
    """Whether each answer is marked as soon as it is checked, and hints are given."""
    return assessment.feedback == Assessment.Feedback.AT_ONCE


def feedback_open(
    assessment: Assessment,
    sitting: Sitting,
    now: datetime,
    closed_for_all: datetime | None = None,
) -> bool:
    """Whether the learner sees marks, verdicts, explanations and hints of a sitting.

    ``closed_for_all`` is when the assessment closes for the last of its learners. Whoever tries an
    assessment out sees what they did once they have handed in.
    """
    if instant_feedback(assessment):
        return True
    if sitting.handed_in_at is None:
        return False
    if sitting.is_test or assessment.feedback == Assessment.Feedback.HANDED_IN:
        return True
    released = assessment.released_at is not None and assessment.released_at <= now
    if assessment.feedback == Assessment.Feedback.CLOSED:
        return released or (closed_for_all is not None and closed_for_all < now)
    return released

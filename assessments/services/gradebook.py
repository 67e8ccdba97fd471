"""What each learner of a course has at each of its assessments."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from django.db.models import QuerySet
from django.utils import timezone

from assessments.models import Accommodation, Assessment, Course, Enrolment, Sitting, User
from assessments.scoring import Score
from assessments.services.tallies import EMPTY, Tally, tallies
from assessments.timing import closed_for_all_at, feedback_open

_PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class Result:
    """What a learner has at an assessment.

    ``sitting`` is the one that counts by the assessment's rule, None where none is handed in yet;
    ``taken`` is how many are, and ``going_on`` whether another one is being sat. Where the best
    counts, the score's ``most`` is what the best can still become.
    """

    sitting: Sitting | None
    tally: Tally
    taken: int
    going_on: bool


class Standing(StrEnum):
    """How far a result is decided."""

    NONE = "none"
    SITTING = "sitting"
    WAITING = "waiting"
    JUDGING = "judging"
    HIDDEN = "hidden"
    DECIDED = "decided"


def standing_of(result: Result | None) -> Standing:
    """Return how far a result is decided."""
    if result is None:
        return Standing.NONE
    if result.sitting is None:
        return Standing.SITTING if result.going_on else Standing.NONE
    if result.tally.waiting:
        return Standing.WAITING
    return Standing.JUDGING if result.tally.judging else Standing.DECIDED


@dataclass(frozen=True)
class Own:
    """What a learner may know of their result at an assessment.

    ``standing`` is hidden where the sitting that counts is not released; its tally is then theirs
    to see no more than its marks.
    """

    assessment: Assessment
    result: Result | None
    standing: Standing


def assessments_of(course: Course) -> list[Assessment]:
    """Return what learners can see, in the course's order."""
    return list(course.assessments.filter(published_at__isnull=False).order_by("position", "pk"))


def own_results(course: Course, learner: User, now: datetime | None = None) -> list[Own]:
    """Return what a learner has at each assessment of a course; six queries."""
    now = now or timezone.now()
    listed = assessments_of(course)
    known = results(Sitting.objects.filter(learner=learner, is_test=False), listed)
    factors = _factors(course)
    return [_own(one, known.get((learner.pk, one.pk)), factors, now) for one in listed]


def _own(
    assessment: Assessment,
    result: Result | None,
    factors: Mapping[int | None, set[Decimal]],
    now: datetime,
) -> Own:
    standing = standing_of(result)
    if result is not None and result.sitting is not None:
        last = closed_for_all_at(assessment, factors[None] | factors[assessment.pk])
        if not feedback_open(assessment, result.sitting, now, last):
            standing = Standing.HIDDEN
    return Own(assessment, result, standing)


def _factors(course: Course) -> Mapping[int | None, set[Decimal]]:
    """Return the factors of all accommodations, by assessment or, under None, for the course."""
    found: defaultdict[int | None, set[Decimal]] = defaultdict(set)
    given = Accommodation.objects.filter(course=course)
    for assessment, factor in given.values_list("assessment", "factor"):
        found[assessment].add(factor)
    return found


def learners_of(course: Course) -> QuerySet[User]:
    """Return who learns in a course, by user name."""
    learning = Enrolment.objects.filter(course=course, role=Enrolment.Role.LEARNER)
    return User.objects.filter(enrolments__in=learning).order_by("username")


def sittings_of(course: Course) -> QuerySet[Sitting]:
    """Return the sittings of a course's learners; nobody's trial is among them."""
    return Sitting.objects.filter(
        assessment__course=course, is_test=False, learner__in=learners_of(course).order_by()
    )


def results(
    sittings: QuerySet[Sitting], assessments: Iterable[Assessment]
) -> dict[tuple[int, int], Result]:
    """Return the result of each learner at each assessment, by their keys; four queries.

    Whoever has not begun has none.
    """
    rules = {one.pk: one.counts for one in assessments}
    within = sittings.filter(assessment__in=rules)
    grouped: defaultdict[tuple[int, int], list[Sitting]] = defaultdict(list)
    for sitting in within.order_by("number"):
        grouped[sitting.learner_id, sitting.assessment_id].append(sitting)
    tallied = tallies(within.filter(handed_in_at__isnull=False))
    return {
        (learner, assessment): result_of(taken, tallied, rules[assessment])
        for (learner, assessment), taken in grouped.items()
    }


def result_of(sittings: Sequence[Sitting], tallied: Mapping[int, Tally], rule: str) -> Result:
    """Return the result of one learner's sittings at one assessment, in the order of number."""
    over = [one for one in sittings if one.handed_in_at is not None]
    going_on = len(over) < len(sittings)
    if not over:
        return Result(None, EMPTY, 0, going_on)
    found = [tallied.get(one.pk, EMPTY) for one in over]
    if rule == Assessment.Counts.BEST and len(over) > 1:
        # Of equally good ones the first.
        place = max(range(len(over)), key=lambda one: _shares(found[one].score))
        tally = _best(found[place], found)
    else:
        place = 0 if rule == Assessment.Counts.FIRST else -1
        tally = found[place]
    return Result(over[place], tally, len(over), going_on)


def _best(chosen: Tally, found: Iterable[Tally]) -> Tally:
    """Return the best tally with what it can still become, by itself or by another's rising."""
    least, of = _shares(chosen.score)[0], chosen.score.of
    rising = [one for one in found if _shares(one.score)[1] > least]
    most = max((_shares(one.score)[1] for one in rising), default=least) * Fraction(of)
    exact = (Decimal(most.numerator) / most.denominator).quantize(_PLACES)
    return Tally(
        Score(chosen.score.least, max(chosen.score.least, exact), of),
        sum(one.waiting for one in rising),
        sum(one.judging for one in rising),
    )


def _shares(score: Score) -> tuple[Fraction, Fraction]:
    """Return which share of the points is earned, at least and at most."""
    if not score.of:
        return Fraction(0), Fraction(0)
    of = Fraction(score.of)
    return Fraction(score.least) / of, Fraction(score.most) / of

"""A learner's own gradebook: what is released of each assessment, and practice by concept."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.access import questions_there
from assessments.models import Accommodation, Assessment, Course, Sitting, User
from assessments.services.gradebook import Result, results
from assessments.timing import closed_for_all_at, feedback_open
from assessments.web.gradebook_page import assessments_of
from assessments.web.results import MARKS, WORDS, Standing, standing_of, told
from assessments.web.states import WORDS as STATES
from assessments.web.states import State, standings
from question_bank.models import Concept, Tested

_COUNTS: dict[str, Promise] = {
    Assessment.Counts.BEST: gettext_lazy("the best one counts"),
    Assessment.Counts.LAST: gettext_lazy("the last one counts"),
    Assessment.Counts.FIRST: gettext_lazy("the first one counts"),
}


@dataclass(frozen=True)
class AssessmentLine:
    """An assessment with what its learner may know of their result."""

    title: str
    standing: Standing
    counts: str
    going_on: bool = False
    points: str = ""
    percent: str = ""
    waits: str = ""
    review: int | None = None

    @property
    def mark(self) -> str:
        """The standing as a shape."""
        return MARKS[self.standing]

    @property
    def words(self) -> Promise:
        """The standing in words."""
        return WORDS[self.standing]


@dataclass(frozen=True)
class ConceptLine:
    """A concept with how many of its questions are passed in practice, and what is undecided."""

    concept: Concept
    passed: int
    total: int
    undecided: str


def context(course: Course, learner: User) -> dict[str, Any]:
    """Return both tables; fourteen queries at most."""
    return {
        "course": course,
        "lines": list(_assessments(course, learner)),
        "concepts": list(_concepts(course, learner)),
    }


def _assessments(course: Course, learner: User) -> Iterator[AssessmentLine]:
    listed = assessments_of(course)
    own = Sitting.objects.filter(learner=learner, is_test=False)
    known = results(own, listed)
    factors = _factors(course)
    now = timezone.now()
    for one in listed:
        result = known.get((learner.pk, one.pk))
        yield _line(one, result, _is_shown(one, result, factors, now))


def _line(assessment: Assessment, result: Result | None, shown: bool) -> AssessmentLine:
    counts = _counts(assessment, result)
    standing = standing_of(result)
    if result is None or result.sitting is None:
        return AssessmentLine(assessment.title, standing, counts)
    if not shown:
        return AssessmentLine(assessment.title, Standing.HIDDEN, counts, result.going_on)
    words = told(result.tally)
    return AssessmentLine(
        *(assessment.title, standing, counts, result.going_on),
        *(words.points, words.percent, words.waits, result.sitting.pk),
    )


def _counts(assessment: Assessment, result: Result | None) -> str:
    taken = result.taken if result else 0
    if not taken:
        return ""
    if taken == 1:
        return _("1 sitting")
    numbers = {"number": taken, "rule": _COUNTS[assessment.counts]}
    return _("%(number)d sittings, %(rule)s") % numbers


def _is_shown(
    assessment: Assessment,
    result: Result | None,
    factors: Mapping[int | None, set[Decimal]],
    now: datetime,
) -> bool:
    """Whether the sitting that counts has been released to its learner."""
    if result is None or result.sitting is None:
        return False
    last = closed_for_all_at(assessment, factors[None] | factors[assessment.pk])
    return feedback_open(assessment, result.sitting, now, last)


def _factors(course: Course) -> Mapping[int | None, set[Decimal]]:
    """Return the factors of all accommodations, by assessment or, under None, for the course."""
    found: defaultdict[int | None, set[Decimal]] = defaultdict(set)
    given = Accommodation.objects.filter(course=course)
    for assessment, factor in given.values_list("assessment", "factor"):
        found[assessment].add(factor)
    return found


def _concepts(course: Course, learner: User) -> Iterator[ConceptLine]:
    """Return each concept that questions test first of all, in the course's order."""
    questions = list(questions_there(learner).filter(courses=course).distinct())
    states = {pk: one.state for pk, one in standings(learner, questions).items()}
    mains = Tested.objects.filter(position=0, question__in=states)
    by_concept: defaultdict[int, list[State]] = defaultdict(list)
    for question, main in mains.order_by().values_list("question", "concept"):
        by_concept[main].append(states[question])
    for concept in course.concepts.filter(pk__in=by_concept):
        mine = by_concept[concept.pk]
        yield ConceptLine(concept, mine.count(State.PASSED), len(mine), _undecided(mine))


def _undecided(states: Iterable[State]) -> str:
    counts = Counter(states)
    shown = (State.HELD, State.GRADING, State.MARKED)
    return ", ".join(f"{counts[one]} {STATES[one]}" for one in shown if counts[one])

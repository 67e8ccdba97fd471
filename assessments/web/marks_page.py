"""A learner's own gradebook: what is released of each assessment, and practice by concept."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.access import questions_there
from assessments.models import Assessment, Course, User
from assessments.services.gradebook import Own, Result, Standing, own_results
from assessments.web.results import MARKS, WORDS, told
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
    yield from map(_line, own_results(course, learner))


def _line(own: Own) -> AssessmentLine:
    assessment, result, standing = own.assessment, own.result, own.standing
    counts = _counts(assessment, result)
    if result is None or result.sitting is None:
        return AssessmentLine(assessment.title, standing, counts)
    if standing is Standing.HIDDEN:
        return AssessmentLine(assessment.title, standing, counts, result.going_on)
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

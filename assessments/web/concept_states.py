"""Where a learner stands with each concept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.access import questions_there
from assessments.models import Course, User
from assessments.web.states import Standing, State, standings
from question_bank.models import Tested


class Reached(StrEnum):
    """How far a learner has come with a concept."""

    NEW = "new"
    UNDER_WAY = "under-way"
    PASSED = "passed"


WORDS: dict[Reached, Promise] = {
    Reached.NEW: gettext_lazy("not begun"),
    Reached.UNDER_WAY: gettext_lazy("under way"),
    Reached.PASSED: gettext_lazy("passed"),
}
MARKS = {Reached.NEW: "○", Reached.UNDER_WAY: "◐", Reached.PASSED: "✓"}


@dataclass(frozen=True)
class Progress:
    """What a learner has done at the questions that test a concept first of all."""

    reached: Reached
    passed: int
    total: int

    @property
    def mark(self) -> str:
        """The state as a shape."""
        return MARKS[self.reached]

    @property
    def word(self) -> Promise:
        """The state as a word."""
        return WORDS[self.reached]

    @property
    def holds_back(self) -> bool:
        """Whether what builds on the concept should wait for it."""
        return self.total > 0 and self.reached is not Reached.PASSED

    @property
    def words(self) -> str:
        """The state and the number of questions passed."""
        if not self.total:
            return _("no questions yet")
        numbers = {"state": self.word, "passed": self.passed, "total": self.total}
        return _("%(state)s, %(passed)d of %(total)d questions passed") % numbers


NOTHING_TO_DO = Progress(Reached.NEW, 0, 0)


@dataclass(frozen=True)
class Work:
    """The questions of a course that a learner may answer, in order, and what each tests first."""

    by_question: Mapping[int, Standing]
    concept_of: Mapping[int, int]

    def at(self, concept: int) -> list[Standing]:
        """Return the questions that test a concept first of all."""
        return [one for pk, one in self.by_question.items() if self.concept_of.get(pk) == concept]


def work_of(user: User, course: Course) -> Work:
    """Return what there is to do in a course and what of it is done; four queries."""
    questions = list(
        questions_there(user).filter(courses=course).order_by("courseitem__position").distinct()
    )
    by_question = standings(user, questions)
    first = Tested.objects.filter(position=0, question__in=by_question).order_by()
    return Work(by_question, dict(first.values_list("question", "concept")))


def progress_by_concept(
    user: User, course: Course, work: Work | None = None
) -> dict[int, Progress]:
    """Return how far a learner is with each concept that has questions, by primary key.

    A concept counts as passed once half of its questions are.
    """
    work = work or work_of(user, course)
    return {concept: _progress(work.at(concept)) for concept in set(work.concept_of.values())}


def _progress(questions: Iterable[Standing]) -> Progress:
    states = [question.state for question in questions]
    passed = states.count(State.PASSED)
    if 2 * passed >= len(states):
        return Progress(Reached.PASSED, passed, len(states))
    begun = any(state is not State.NEW for state in states)
    return Progress(Reached.UNDER_WAY if begun else Reached.NEW, passed, len(states))

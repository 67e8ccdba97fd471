"""Where a learner stands with each question."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db.models import Count, F, Max, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.models import Attempt, Grading, Response, User, credited
from grader.contract import Failure
from question_bank.models import Question


class State(StrEnum):
    """What a learner has done at a question, told by a mark and a word."""

    NEW = "new"
    GRADING = "grading"
    HELD = "held"
    UNDECIDED = "undecided"
    ANSWERED = "answered"
    MARKED = "marked"
    FAILED = "failed"
    PASSED = "passed"


MARKS = {
    State.NEW: "○",
    State.GRADING: "◐",
    State.HELD: "◐",
    State.UNDECIDED: "○",
    State.ANSWERED: "◐",
    State.MARKED: "◕",
    State.FAILED: "✕",
    State.PASSED: "✓",
}
WORDS: dict[State, Promise] = {
    State.NEW: _("not started"),
    State.GRADING: _("being graded"),
    State.HELD: _("a person looks at it"),
    State.UNDECIDED: _("could not be decided"),
    State.ANSWERED: _("partly right"),
    State.MARKED: _("marked, with comments"),
    State.FAILED: _("not passed yet"),
    State.PASSED: _("passed"),
}

# Of several submissions, the best one speaks for the question.
_BEST_FIRST = (State.PASSED, State.GRADING, State.HELD, State.FAILED, State.UNDECIDED)


@dataclass(frozen=True)
class Standing:
    """A question as a list shows it, with its learner's own state."""

    slug: str
    title: str
    kind: str
    state: State

    @property
    def mark(self) -> str:
        """The state as a shape."""
        return MARKS[self.state]

    @property
    def words(self) -> Promise:
        """The state in words."""
        return WORDS[self.state]


def standings(learner: User, questions: Iterable[Question]) -> dict[int, Standing]:
    """Return each question's standing by its primary key, in the order given; two queries."""
    listed = list(questions)
    states = _states(learner, [question.pk for question in listed])
    return {
        question.pk: Standing(
            question.slug,
            question.title,
            question.get_kind_display(),
            states.get(question.pk, State.NEW),
        )
        for question in listed
    }


def _states(learner: User, questions: Collection[int]) -> dict[int, State]:
    answered = (
        credited(
            Response.objects.filter(
                attempt__learner=learner,
                attempt__question__in=questions,
                attempt__purpose=Attempt.Purpose.PRACTICE,
            )
        )
        .values_list("attempt__question")
        .annotate(
            best=Max("earned"),
            hoped=Max(F("earned") + F("waiting")),
            by_person=Max("earned", filter=Q(marked__isnull=False)),
        )
        .order_by()
    )
    graded = (
        Grading.objects.filter(
            counts=True,
            submission__attempt__learner=learner,
            submission__attempt__question__in=questions,
            submission__attempt__purpose=Attempt.Purpose.PRACTICE,
        )
        .values_list("submission__attempt__question")
        .annotate(
            passes=Count("pk", filter=Q(passed=True)),
            unfinished=Count("pk", filter=~Q(state=Grading.State.DONE)),
            held=Count("pk", filter=Q(passed=None) & ~Q(held="")),
            failures=Count("pk", filter=Q(passed=False)),
            undecided=Count("pk", filter=Q(failure=Failure.INCONCLUSIVE, passed=None)),
        )
        .order_by()
    )
    states = {
        question: _of_credit(best, hoped, by_person)
        for question, best, hoped, by_person in answered
    }
    for question, *counts in graded:
        found = zip(_BEST_FIRST, counts, strict=True)
        states[question] = next((state for state, count in found if count), State.NEW)
    return states


def _of_credit(best: Decimal, hoped: Decimal, by_person: Decimal | None) -> State:
    """Return the state by what is decided, and by what a person could still add to it.

    ``by_person`` is the best that a person has decided about, None where nobody has.
    """
    if best >= 1:
        return State.PASSED
    # A sum made by SQLite is a float, and may lack a hair.
    if round(hoped, 4) >= 1:
        return State.HELD
    if best > 0:
        return State.MARKED if by_person == best else State.ANSWERED
    return State.FAILED

"""Earlier submissions as lists show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.models import Attempt, Grading, Submission
from assessments.web.advice import HEADLINES
from assessments.web.states import MARKS, State
from grader.contract import Failure

RECENT = 5
IN_QUEUE = _("waiting to be graded")
RUNNING = _("being graded")
PASSED = _("passed")


@dataclass(frozen=True)
class SubmissionLine:
    """One submission: when it came, and what became of it in a word and a mark."""

    pk: int
    number: int
    submitted_at: datetime
    state: State
    words: str | Promise

    @property
    def mark(self) -> str:
        """The state as a shape."""
        return MARKS[self.state]

    @property
    def passed(self) -> bool:
        """Whether it passed."""
        return self.state is State.PASSED


def light(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """Leave out what a list does not show: the sources and the verdicts, which may be long."""
    gradings = Grading.objects.defer("verdict")
    return submissions.defer("source").prefetch_related(Prefetch("gradings", gradings))


def recent_submissions(attempt: Attempt) -> list[SubmissionLine]:
    """Return the newest submissions of an attempt; two queries."""
    return lines(light(attempt.submissions.order_by("-number"))[:RECENT])


def lines(submissions: Iterable[Submission]) -> list[SubmissionLine]:
    """Return each submission as its line."""
    return [_line(submission) for submission in submissions]


def _line(submission: Submission) -> SubmissionLine:
    state, words = _outcome(submission.grading)
    return SubmissionLine(submission.pk, submission.number, submission.submitted_at, state, words)


def _outcome(grading: Grading) -> tuple[State, str | Promise]:
    if not grading.is_done:
        waiting = grading.state == Grading.State.QUEUED
        return State.GRADING, IN_QUEUE if waiting else RUNNING
    if grading.passed:
        return State.PASSED, PASSED
    state = State.NEW if grading.failure == Failure.UNAVAILABLE else State.FAILED
    return state, str(HEADLINES[Failure(grading.failure)]).rstrip(".")

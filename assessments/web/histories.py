"""Earlier submissions as lists show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.models import Attempt, Grading, Submission
from assessments.web.advice import HEADLINES
from assessments.web.states import MARKS, WORDS, State
from grader.contract import Failure

RECENT = 5
VERSIONS = 50
IN_QUEUE = _("waiting to be graded")
RUNNING = _("being graded")
RESTING = _("too noisy to decide, measured again by itself")
RECEIVED = _("received, being judged")
JUDGED = _("judged")
PASSED = _("passed")
ACCEPTED = _("passed: accepted on review")
REJECTED = _("rejected on review")
_STATES: dict[str, State] = {Failure.UNAVAILABLE: State.NEW, Failure.INCONCLUSIVE: State.UNDECIDED}


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


def recent_submissions(attempt: Attempt, *, sealed: bool = False) -> list[SubmissionLine]:
    """Return the newest submissions of an attempt, up to ``VERSIONS``; two queries."""
    return lines(light(attempt.submissions.order_by("-number"))[:VERSIONS], sealed=sealed)


def lines(submissions: Iterable[Submission], *, sealed: bool = False) -> list[SubmissionLine]:
    """Return each submission as its line; a sealed one says nothing of its verdict."""
    return [_line(submission, sealed) for submission in submissions]


def _line(submission: Submission, sealed: bool) -> SubmissionLine:
    state, words = (sealed_outcome if sealed else outcome)(submission.grading)
    return SubmissionLine(submission.pk, submission.number, submission.submitted_at, state, words)


def sealed_outcome(grading: Grading) -> tuple[State, str | Promise]:
    """Return what may be told of a grading while feedback is not released: whether it is done."""
    return State.GRADING, JUDGED if grading.is_done else RECEIVED


def outcome(grading: Grading) -> tuple[State, str | Promise]:
    """Return what has become of a grading: its state, and that in words."""
    if not grading.is_done:
        if grading.state != Grading.State.QUEUED:
            return State.GRADING, RUNNING
        return State.GRADING, RESTING if grading.retry and grading.rests() else IN_QUEUE
    if grading.passed is not None and grading.held:
        return (State.PASSED, ACCEPTED) if grading.passed else (State.FAILED, REJECTED)
    if grading.held:
        return State.HELD, WORDS[State.HELD]
    if grading.passed:
        return State.PASSED, PASSED
    words = str(HEADLINES[Failure(grading.failure)]).rstrip(".")
    return _STATES.get(grading.failure, State.FAILED), words

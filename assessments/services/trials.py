"""The trial of a code question: its author's solutions, graded before learners meet the exercise.

A trial is an attempt of its own at one version, which never changes, with a submission for each of
the version's solutions in their order; ``Submission.number`` is the place of its solution, from 1.
It passes once every solution has got a verdict that was expected of it. What could not be judged
counts neither way, and can be judged again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Attempt, Grading, Submission, User
from assessments.services.jobs import device_for, grader_digest, new_token
from assessments.services.outcomes import UNDECIDED
from assessments.services.queue import send_waiting_after_commit
from assessments.services.sameness import code_digest
from question_bank.authoring import AuthoringError
from question_bank.kinds.code import CodeContent, Solution
from question_bank.models import Question, QuestionVersion
from question_bank.variants import DEPLOYED, read_content


class Found(StrEnum):
    """What has come of a solution so far."""

    WAITING = "waiting"
    JUDGING = "judging"
    EXPECTED = "expected"
    OTHERWISE = "otherwise"
    UNDECIDED = "undecided"


class Standing(StrEnum):
    """Where a trial stands as a whole."""

    NONE = "none"
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Tried:
    """A solution in a trial: its submission, the grading that counts, and what came of it."""

    solution: Solution
    submission: Submission
    grading: Grading
    found: Found

    @property
    def verdict(self) -> str:
        """``passed``, or the failure that came; empty before there is a verdict."""
        if not self.grading.is_done:
            return ""
        return "passed" if self.grading.passed else self.grading.failure


@dataclass(frozen=True)
class Trial:
    """The newest trial of a version; ``solutions`` are in the order of the version's own."""

    standing: Standing
    solutions: tuple[Tried, ...] = ()

    def those(self, found: Found) -> list[Tried]:
        """Return the solutions of which this has come."""
        return [one for one in self.solutions if one.found is found]


def begin_trial(version: QuestionVersion, by: User) -> Trial:
    """Have a version's solutions graded, once learners have had their turn; return the trial.

    A trial that runs or has passed is left as it is. After a failed one all solutions are graded
    again; where some could not be judged, those alone. Raises ``AuthoringError`` where the version
    has no solutions that could show anything.
    """
    content = _content_of(version)
    if reason := lack_of_solutions(content):
        raise AuthoringError(reason)
    with transaction.atomic():
        # Two who press the button at once begin one trial.
        Question.objects.select_for_update(of=("self",)).get(pk=version.question_id)
        present = trial_of(version)
        if present.standing in {Standing.NONE, Standing.FAILED}:
            _grade_all(_new_attempt(version, content, by), content)
        elif present.standing is Standing.UNDECIDED:
            _grade_again(present.those(Found.UNDECIDED))
    return trial_of(version)


def trial_of(version: QuestionVersion) -> Trial:
    """Return the newest trial of a version; three queries at most."""
    attempt = trials(version).order_by("-pk").first()
    if attempt is None:
        return Trial(Standing.NONE)
    rows = attempt.submissions.defer("source").prefetch_related("gradings").order_by("number")
    solutions = _content_of(version).solutions
    tried = tuple(map(_tried, solutions, rows))
    return Trial(_standing(tried), tried)


def trial_passed(version: QuestionVersion) -> bool:
    """Whether every solution of exactly this version got a verdict that was expected of it."""
    return trial_of(version).standing is Standing.PASSED


def trials(version: QuestionVersion) -> QuerySet[Attempt]:
    """Return the trials of a version."""
    return version.attempts.filter(purpose=Attempt.Purpose.TRIAL)


def lack_of_solutions(content: CodeContent) -> str:
    """Say why a content's solutions show nothing; an empty text where they do."""
    there = {solution.passes for solution in content.solutions}
    if there >= {True, False}:
        return ""
    why = _("Solutions show that an exercise tells right from wrong:")
    if there == {True}:
        return f"{why} {_('add one that has to fail to the draft.')}"
    if there == {False}:
        return f"{why} {_('add one that has to pass to the draft.')}"
    return f"{why} {_('add one that has to pass and one that has to fail to the draft.')}"


def _content_of(version: QuestionVersion) -> CodeContent:
    content = read_content(version.content)
    if not isinstance(content, CodeContent):
        raise AuthoringError(_("Only code questions have a trial."))
    return content


def _new_attempt(version: QuestionVersion, content: CodeContent, by: User) -> Attempt:
    place = {
        "learner": by,
        "question": version.question,
        "purpose": Attempt.Purpose.TRIAL,
    }
    last = Attempt.objects.filter(**place).aggregate(last=Max("number"))["last"] or 0
    return Attempt.objects.create(
        **place,
        number=last + 1,
        version=version,
        seed=DEPLOYED[0],
        grader_digest=grader_digest(content.exercise),
        started_at=timezone.now(),
    )


def _grade_all(attempt: Attempt, content: CodeContent) -> None:
    for number, solution in enumerate(content.solutions, start=1):
        raw = solution.source.encode()
        submission = Submission.objects.create(
            attempt=attempt,
            number=number,
            source=raw,
            code_digest=code_digest(raw),
            submitted_at=attempt.started_at,
        )
        _grade(submission, device_for(attempt))
    send_waiting_after_commit(device_for(attempt))


def _grade_again(undecided: Sequence[Tried]) -> None:
    """Have solutions judged once more that could not be; the earlier verdicts are kept."""
    for one in undecided:
        one.submission.gradings.update(counts=False)
        _grade(one.submission, one.grading.device)
        send_waiting_after_commit(one.grading.device)


def _grade(submission: Submission, device: str) -> None:
    now = timezone.now()
    Grading.objects.create(
        submission=submission,
        device=device,
        kind=Grading.Kind.TRIAL,
        token_digest=new_token()[1],
        lease_until=now,
        created_at=now,
    )


def _tried(solution: Solution, submission: Submission) -> Tried:
    grading = submission.grading
    return Tried(solution, submission, grading, _found(solution, grading))


def _found(solution: Solution, grading: Grading) -> Found:
    if not grading.is_done:
        waits = grading.state == Grading.State.QUEUED
        return Found.WAITING if waits else Found.JUDGING
    if grading.passed is None or grading.failure in UNDECIDED:
        return Found.UNDECIDED
    verdict = "passed" if grading.passed else grading.failure
    return Found.EXPECTED if verdict in solution.expected else Found.OTHERWISE


def _standing(tried: Sequence[Tried]) -> Standing:
    found = {one.found for one in tried}
    if found & {Found.WAITING, Found.JUDGING}:
        return Standing.RUNNING
    if Found.OTHERWISE in found:
        return Standing.FAILED
    return Standing.UNDECIDED if Found.UNDECIDED in found else Standing.PASSED

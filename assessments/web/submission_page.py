"""What the page of a submission shows: progress at first, then the verdict."""

import json
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from assessments.models import Attempt, Grading, Submission, User
from assessments.services.results import hides_feedback
from assessments.web.advice import next_steps
from assessments.web.histories import light, lines, sealed_outcome
from assessments.web.learn_before import not_passed_before
from assessments.web.outcomes import headline, standing
from assessments.web.progress import progress_of
from assessments.web.prose import python_lines
from assessments.web.texts import without_controls
from assessments.web.verdicts import check_lines
from grader.contract import Exercise, Failure, Verdict
from question_bank.kinds import CodePage
from question_bank.models import Question
from question_bank.variants import variant_of

EARLIER = 6


def whole(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """Fetch with a submission all that its page needs."""
    related = submissions.select_related(
        "attempt__question",
        "attempt__version",
        "attempt__learner",
        "attempt__sitting__assessment",
    )
    return related.prefetch_related(Prefetch("gradings", Grading.objects.order_by("pk")))


def context(submission: Submission, user: User) -> dict[str, Any]:
    """Return the whole page."""
    attempt = submission.attempt
    earlier = light(attempt.submissions.exclude(pk=submission.pk).order_by("-number"))[:EARLIER]
    sealed = hides_feedback(attempt, user)
    failed = submission.grading.passed is False and not sealed
    return (sealed_status(submission) if sealed else status(submission)) | {
        "back_href": back_href(attempt),
        "learn_before": not_passed_before(attempt.question, attempt.learner) if failed else [],
        "question": attempt.question,
        "course": attempt.question.courses.filter(enrolments__user=user).first(),
        "source": python_lines(without_controls(submission.text)),
        "others": lines(earlier, sealed=sealed),
        "is_own": attempt.learner_id == user.pk,
        "is_trial": is_trial(submission),
        "solution": _solution(submission) if is_trial(submission) else "",
        "learner": attempt.learner,
    }


def back_href(attempt: Attempt) -> str:
    """Return where an attempt is gone on with: its question's page, or its place in a sitting."""
    if attempt.sitting_id is None:
        return reverse("web:question", args=[attempt.question.slug])
    return reverse("web:sitting_place", args=[attempt.sitting_id, attempt.place])


def sealed_status(submission: Submission) -> dict[str, Any]:
    """Return what is told of a submission while feedback is not released."""
    _state, words = sealed_outcome(submission.grading)
    return {"submission": submission, "sealed": words}


def status(submission: Submission) -> dict[str, Any]:
    """Return what changes while a submission is graded: its progress, or its verdict."""
    grading = submission.grading
    shared = {"submission": submission, "grading": grading}
    if not grading.is_done:
        return shared | {"progress": progress_of(grading, exercise_of(submission)), "verdict": None}
    verdict = Verdict.model_validate_json(json.dumps(grading.verdict))
    return shared | {"progress": None} | _verdict(verdict, submission) | standing(submission)


def _verdict(verdict: Verdict, submission: Submission) -> dict[str, Any]:
    failure = verdict.failure
    return {
        "verdict": verdict,
        "headline": headline(submission.grading),
        "steps": next_steps(verdict),
        "checks": check_lines(verdict),
        "ours": failure is Failure.UNAVAILABLE,
        "undecided": submission.grading.passed is None,
        "next_question": _following(submission) if submission.grading.passed else None,
    }


def is_trial(submission: Submission) -> bool:
    """Whether an author tries an exercise out by it."""
    return submission.attempt.purpose == Attempt.Purpose.TRIAL


def _solution(submission: Submission) -> str:
    """Return what its author calls a solution that is tried."""
    solutions = submission.attempt.version.content["solutions"]
    return str(solutions[submission.number - 1]["name"])


def exercise_of(submission: Submission) -> Exercise:
    """Return the declaration that the submission is judged by."""
    page = variant_of(submission.attempt.version, submission.attempt.seed).page
    assert isinstance(page, CodePage)
    return page.exercise


def _following(submission: Submission) -> Question | None:
    """Return the question that follows in a course which its learner is in."""
    attempt = submission.attempt
    place = attempt.question.courseitem_set.filter(
        course__enrolments__user=attempt.learner_id
    ).first()
    if place is None:
        return None
    later = place.course.items.filter(position__gt=place.position).select_related("question")
    following = later.first()
    return following.question if following else None

"""What a sitting has earned so far, and who sees it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from assessments.models import Assessment, Attempt, Grading, Sitting, User
from assessments.scoring import (
    NOTHING,
    Credit,
    Score,
    credit_of_answer,
    credit_of_code,
    score_of,
)
from assessments.services.handing_in import latest_responses, settled
from assessments.services.sittings import factors_at
from assessments.timing import closed_for_all_at, feedback_open
from question_bank.models import Question


def credits_of(
    attempts: Sequence[Attempt], latest: Mapping[int, Any] | None = None
) -> dict[int, Credit]:
    """Return what each attempt has earned, by its key; two queries. Of several answers the last
    counts, of several submissions the last one's verdict, and where there is none it is nothing.

    ``latest`` is what ``latest_responses`` says of them, where the caller knows it.
    """
    earned = dict.fromkeys((attempt.pk for attempt in attempts), NOTHING)
    known = latest_responses(attempts) if latest is None else latest
    for pk, response in known.items():
        earned[pk] = credit_of_answer(response.earned, response.waiting)
    for pk, grading in last_gradings(attempts).items():
        earned[pk] = credit_of_code(grading.passed)
    return earned


def last_gradings(attempts: Iterable[Attempt]) -> dict[int, Grading]:
    """Return the grading that counts of each attempt's last submission, by the attempt's key.

    One query, none where no question is one of code; the verdicts stay in the database.
    """
    of_code = [one.pk for one in attempts if one.question.kind == Question.Kind.CODE]
    if not of_code:
        return {}
    counting = Grading.objects.filter(counts=True, submission__attempt__in=of_code)
    rows = counting.select_related("submission").defer("verdict", "submission__source")
    return {row.submission.attempt_id: row for row in rows.order_by("submission__number")}


def score_with(attempts: Iterable[Attempt], earned: Mapping[int, Credit]) -> Score:
    """Return the points of a sitting's attempts."""
    return score_of((one.points or Decimal(0), earned[one.pk]) for one in attempts)


def feedback_shown(sitting: Sitting, now: datetime | None = None) -> bool:
    """Whether a sitting's learner sees its marks and verdicts; a query only where others count."""
    now = now or timezone.now()
    assessment = sitting.assessment
    last = None
    if assessment.feedback == Assessment.Feedback.CLOSED and sitting.handed_in_at is not None:
        last = closed_for_all_at(assessment, factors_at(assessment))
    return feedback_open(assessment, sitting, now, last)


def hides_feedback(attempt: Attempt, user: User) -> bool:
    """Whether marks and verdicts of an attempt are kept from a person: from its own learner, where
    it is part of a sitting of which they are not released.
    """
    if attempt.sitting is None or attempt.learner_id != user.pk:
        return False
    return not feedback_shown(attempt.sitting)


def closed_questions(learner: User, now: datetime | None = None) -> QuerySet[Question]:
    """Return the questions that an exam asks which a learner is sitting: practice is closed."""
    now = now or timezone.now()
    takes = Q(sitting__grace_until=None) | Q(sitting__grace_until__gte=now)
    asked = _asked_in_exams(learner).filter(takes)
    return Question.objects.filter(pk__in=asked.values("question"))


def _asked_in_exams(learner: User) -> QuerySet[Attempt]:
    return Attempt.objects.filter(
        learner=learner.pk,
        sitting__handed_in_at=None,
        sitting__assessment__kind=Assessment.Kind.EXAM,
        sitting__is_test=False,
    )


def exam_asking(learner: User, question: Question, now: datetime | None = None) -> Sitting | None:
    """Return the exam that a learner is sitting and that asks a question; a query.

    One whose time is over is handed in and keeps nothing closed.
    """
    now = now or timezone.now()
    asked = _asked_in_exams(learner).filter(question=question)
    for attempt in asked.select_related("sitting__assessment__course"):
        sitting = attempt.sitting
        assert sitting is not None
        if settled(sitting, now).handed_in_at is None:
            return sitting
    return None

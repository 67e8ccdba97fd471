"""What is told of an attempt to a person: what is saved, the last answer, and the explanation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from assessments.models import Attempt, Response, User, credited
from assessments.services.feedback import TRIES_BEFORE_EXPLANATION, said_of
from assessments.services.journal import saved_answer
from assessments.services.results import feedback_shown
from assessments.timing import instant_feedback
from question_bank.models import Question


@dataclass(frozen=True)
class Told:
    """What a person is told of an attempt; ``latest`` is its last response, credited, and
    ``saved`` what is typed, which nobody but its learner sees.

    ``released`` says whether marks and verdicts are told, ``explained`` whether the explanation is,
    ``hints`` whether there are any.
    """

    saved: Mapping[str, str]
    latest: Any
    released: bool
    explained: bool
    hints: bool


def told_of(attempt: Attempt, user: User, now: datetime | None = None) -> Told:
    """Return what a person is told of an attempt that they see; four queries at most."""
    now = now or timezone.now()
    sitting, own = attempt.sitting, attempt.learner_id == user.pk
    released = not own or sitting is None or feedback_shown(sitting, now)
    rows = credited(Response.objects.filter(attempt=attempt))
    newest = list(rows.order_by("-number")[:TRIES_BEFORE_EXPLANATION])
    return Told(
        saved=saved_answer(attempt) if own else {},
        latest=newest[0] if newest else None,
        released=released,
        explained=released and _explained(attempt, newest, own=own),
        hints=sitting is None or not own or instant_feedback(sitting.assessment),
    )


def _explained(attempt: Attempt, newest: list[Any], *, own: bool) -> bool:
    sitting = attempt.sitting
    if not own or (sitting is not None and sitting.handed_in_at is not None):
        return True
    if attempt.question.kind == Question.Kind.CODE:
        return attempt.submissions.filter(gradings__counts=True, gradings__passed=True).exists()
    if sitting is not None:
        # Within a sitting an answer that lost something is explained once it is handed in.
        newest = newest[:1]
    return bool(newest) and said_of(newest).explained

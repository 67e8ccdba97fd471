"""What a person is told of a sitting: its questions, where each stands, and its marks."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from assessments.models import Attempt, Sitting, User
from assessments.scoring import Score, score_of
from assessments.services.handing_in import asked_in, is_answered, last_responses
from assessments.services.journal import states_read
from assessments.services.results import credits_of, feedback_shown, score_with


@dataclass(frozen=True)
class Line:
    """A question of a sitting; ``score`` is None until marks are told."""

    attempt: Attempt
    is_answered: bool
    score: Score | None


def paper_of(sitting: Sitting, user: User, now: datetime | None = None) -> dict[str, Any]:
    """Return ``released``, ``score`` and ``lines`` of a sitting that a person sees.

    Six queries at most.
    """
    now = now or timezone.now()
    released = sitting.learner_id != user.pk or feedback_shown(sitting, now)
    attempts = asked_in(sitting)
    saved = {pk: state.answer() for pk, state in states_read(attempts).items()}
    responded = last_responses(attempts)
    earned = credits_of(attempts) if released else {}
    lines = [
        Line(
            one,
            is_answered(one, saved.get(one.pk, {}), responded=one.pk in responded),
            score_of([(one.points or Decimal(0), earned[one.pk])]) if released else None,
        )
        for one in attempts
    ]
    score = score_with(attempts, earned) if released else None
    return {"released": released, "score": score, "lines": lines}

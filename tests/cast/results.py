"""Sittings and what they came to, made row by row."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from assessments.models import (
    Assessment,
    Attempt,
    Grading,
    Response,
    RubricMark,
    Sitting,
    Submission,
    User,
)
from question_bank.models import Question
from tests.cast.people import person


class Sat:
    """A sitting that is made answer by answer."""

    def __init__(
        self, learner: User, assessment: Assessment, number: int = 1, **told: object
    ) -> None:
        now = timezone.now()
        facts: dict[str, object] = {"started_at": now - timedelta(hours=1), "handed_in_at": now}
        self.row = Sitting.objects.create(
            learner=learner, assessment=assessment, number=number, **(facts | told)
        )

    def asks(self, question: str, points: Decimal | int) -> Attempt:
        """Ask a question."""
        row = Question.objects.get(slug=question)
        assert row.live is not None
        number = Attempt.objects.filter(learner=self.row.learner, question=row).count() + 1
        return Attempt.objects.create(
            learner=self.row.learner,
            question=row,
            purpose=Attempt.Purpose.SITTING,
            number=number,
            version=row.live,
            seed=1,
            started_at=self.row.started_at,
            sitting=self.row,
            place=self.row.attempts.count(),
            points=points,
        )

    def answers(
        self,
        question: str,
        points: Decimal | int,
        fraction: Decimal | str,
        waits: Decimal | str = "0",
    ) -> Response:
        """Answer a question."""
        return answered(self.asks(question, points), 1, fraction, waits)


def answered(
    attempt: Attempt, number: int, fraction: Decimal | str, waits: Decimal | str = "0"
) -> Response:
    """Keep an answer as it was marked then."""
    return Response.objects.create(
        attempt=attempt,
        number=number,
        answer={},
        fraction=Decimal(fraction),
        waits=Decimal(waits),
        feedback={"given": "7", "right": "8", "feedback": "Nearly."},
        created_at=attempt.started_at,
    )


def marked(response: Response, fraction: Decimal | str) -> RubricMark:
    """Let a person mark a response."""
    return RubricMark.objects.create(
        response=response,
        marker=person(f"marker-{response.pk}"),
        role=RubricMark.Role.INSTRUCTOR,
        marked_at=response.created_at,
        given=[],
        fraction=Decimal(fraction),
    )


def submitted(attempt: Attempt, number: int, **told: object) -> Grading:
    """Submit code that has been judged, or not."""
    submission = Submission.objects.create(
        attempt=attempt, number=number, source=b"pass", submitted_at=attempt.started_at
    )
    facts = {"state": "done", "lease_until": attempt.started_at, "created_at": attempt.started_at}
    return Grading.objects.create(submission=submission, device="cpu", **(facts | told))

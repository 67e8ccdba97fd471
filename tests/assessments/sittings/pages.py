"""What the tests of a sitting's pages share."""

from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone

from assessments.models import Assessment, Sitting
from assessments.services.journal import saved_answer
from tests.question_bank.test_ordering import content as ordering

ORDERING = ordering().model_dump(mode="json")
CODE = "def attention(q, k, v, window):\n    return v\n"


def text(response: HttpResponse) -> str:
    return response.content.decode()


def saved(sitting: Sitting, place: int) -> dict[str, str]:
    attempt = sitting.attempts.get(place=place)
    return saved_answer(attempt)


def home(exam: Assessment) -> str:
    return f"/courses/{exam.course.slug}/assessments/{exam.slug}/"


def over(sitting: Sitting, *, grace: bool) -> None:
    """Let a sitting's time be over; with ``grace``, its grace time runs."""
    now = timezone.now()
    until = now + timedelta(minutes=1) if grace else now - timedelta(seconds=1)
    Sitting.objects.filter(pk=sitting.pk).update(
        due_at=now - timedelta(seconds=2), grace_until=until
    )

"""Assessments and their sittings, for a test."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from assessments.models import Assessment, Attempt, Course, Slot
from assessments.services.journal import Form, save_form
from question_bank.models import Question


def assessment(course: Course, *slugs: str, **told: Any) -> Assessment:
    """Return a published exam of an hour that is open, asking these questions a point each."""
    now = timezone.now()
    usual: dict[str, Any] = {
        "slug": "exam",
        "title": "Exam",
        "kind": Assessment.Kind.EXAM,
        "feedback": Assessment.Feedback.RELEASED,
        "minutes": 60,
        "opens_at": now - timedelta(hours=1),
        "closes_at": now + timedelta(hours=8),
        "published_at": now - timedelta(hours=2),
    }
    made = Assessment.objects.create(course=course, **(usual | told))
    for slug in slugs:
        asks(made, slug)
    return made


def practice(course: Course, *slugs: str, **told: Any) -> Assessment:
    """Return a published practice without times that gives feedback at once."""
    usual: dict[str, Any] = {
        "slug": "practice",
        "title": "Practice",
        "kind": Assessment.Kind.PRACTICE,
        "feedback": Assessment.Feedback.AT_ONCE,
        "minutes": None,
        "opens_at": None,
        "closes_at": None,
    }
    return assessment(course, *slugs, **(usual | told))


def asks(made: Assessment, slug: str = "", **told: Any) -> Slot:
    """Add a slot to an assessment: the question of that slug, or a pool."""
    question = Question.objects.get(slug=slug) if slug else None
    place = made.slots.count()
    return Slot.objects.create(assessment=made, position=place, question=question, **told)


def save(attempt: Attempt, answer: dict[str, str], now: datetime | None = None) -> None:
    """Keep an answer as a page's form does."""
    save_form(attempt, Form(answer), now or attempt.started_at)

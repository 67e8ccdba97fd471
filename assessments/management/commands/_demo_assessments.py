"""A practice and an exam for the demo's course."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from assessments.models import Assessment, Course, Slot
from question_bank.models import Question

_WARM_UP = (
    "masked-dense-flaw",
    "keys-of-one-query",
    "what-shrinks-the-cache",
    "mechanisms-and-savings",
    "ordering-flash-tile",
)
_EXAM: tuple[dict[str, Any], ...] = (
    {"kind": "choice", "draws": 3},
    {"kind": "numeric", "draws": 3, "points": 2},
    {"kind": "multi", "points": 2},
    {"kind": "case", "points": 4},
    {"kind": "code", "hardest": 2, "points": 5},
)


def make_assessments(course: Course) -> None:
    """Make the practice and the exam of a course unless they are there; safe to repeat."""
    now = timezone.now()
    warm_up, made = Assessment.objects.get_or_create(
        course=course,
        slug="warm-up",
        defaults={
            "title": "Warm-up",
            "introduction": "Five short questions on what attention sees and what it costs.",
            "kind": Assessment.Kind.PRACTICE,
            "feedback": Assessment.Feedback.AT_ONCE,
            "published_at": now,
        },
    )
    if made:
        known = Question.objects.in_bulk(_WARM_UP, field_name="slug")
        _add_slots(warm_up, [{"question": known[slug]} for slug in _WARM_UP if slug in known])
    exam, made = Assessment.objects.get_or_create(
        course=course,
        slug="exam",
        defaults={
            "title": "Exam",
            "introduction": "Patterns, their cost, one case, and one attention to write.",
            "kind": Assessment.Kind.EXAM,
            "feedback": Assessment.Feedback.HANDED_IN,
            "position": 1,
            "minutes": 45,
            "opens_at": now,
            "closes_at": now + timedelta(days=365),
            "sittings_allowed": 3,
            "per_page": 5,
            "published_at": now,
        },
    )
    if made:
        _add_slots(exam, _EXAM)


def _add_slots(assessment: Assessment, slots: Sequence[dict[str, Any]]) -> None:
    Slot.objects.bulk_create(
        Slot(assessment=assessment, position=place, **told) for place, told in enumerate(slots)
    )

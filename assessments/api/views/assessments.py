"""Assessments, as they hold for whoever asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from assessments.access import visible_assessments
from assessments.api.filters import AssessmentFilters
from assessments.api.resources import Listed, Shown
from assessments.api.schema import readable
from assessments.api.serializers.sittings import AssessmentSerializer
from assessments.models import Assessment, Scope, Sitting
from assessments.services.sittings import accommodations_for, terms_with
from assessments.timing import Terms

_ASSESSMENT = {
    "id": 3,
    "course": "sparse-attention",
    "slug": "mid-term",
    "title": "Mid-term exam",
    "introduction": "Everything up to chapter 4.",
    "kind": "exam",
    "opens_at": "2026-11-26T09:00:00Z",
    "closes_at": "2026-11-26T12:00:00Z",
    "minutes": 60,
    "seconds": 3600,
    "grace_seconds": 60,
    "sittings_allowed": 1,
    "shuffles": True,
    "feedback": "released",
    "counts": "best",
    "published_at": "2026-11-20T09:00:00Z",
    "released_at": None,
    "taken": 0,
    "going_on": None,
    "refusal": None,
}


@dataclass(frozen=True)
class Known:
    """What holds for a person at an assessment, and what they have begun there."""

    terms: Terms
    taken: int
    going_on: int | None


@readable("assessments", "assessments", "an assessment", _ASSESSMENT)
class Assessments(Listed, Shown):
    """The published assessments of your courses, and all where you teach."""

    scopes = (Scope.COURSES_READ, None)
    serializer_class = AssessmentSerializer
    filterset_class = AssessmentFilters
    orderings = {
        "position": "position",
        "title": "title",
        "id": "pk",
    }
    known: dict[int, Known]

    def get_queryset(self) -> QuerySet[Assessment]:
        """Return those that the person sees."""
        return visible_assessments(self.person).select_related("course")

    def paginate_queryset(self, queryset: Any) -> Any:
        """Return a page, with what is known of its assessments."""
        page = super().paginate_queryset(queryset)
        self._know(page or [])
        return page

    def get_object(self) -> Assessment:
        """Return one, with what is known of it."""
        found: Assessment = super().get_object()
        self._know([found])
        return found

    def _know(self, listed: Sequence[Assessment]) -> None:
        """Find out what holds at assessments; two queries however many there are."""
        given = accommodations_for(self.person, listed)
        own = Sitting.objects.filter(learner=self.person, assessment__in=listed, is_test=False)
        taken: dict[int, list[Sitting]] = {}
        for sitting in own:
            taken.setdefault(sitting.assessment_id, []).append(sitting)
        self.known = {
            one.pk: Known(
                terms=terms_with(one, given[one.pk]),
                taken=len(taken.get(one.pk, [])),
                going_on=next(
                    (each.pk for each in taken.get(one.pk, []) if each.handed_in_at is None), None
                ),
            )
            for one in listed
        }

"""More time for some learners."""

from typing import Any

import django_filters as filters
from django.db import transaction
from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.access import accommodations_seen, courses_run
from assessments.api.refusals import refusals
from assessments.api.repeats import once
from assessments.api.resources import Listed, Shown, etag_of
from assessments.api.schema import example, readable
from assessments.api.serializers.people import (
    AccommodationSerializer,
    ChangedAccommodationSerializer,
    NewAccommodationSerializer,
)
from assessments.models import Accommodation, Assessment, Course, Scope, User
from assessments.services.accommodations import give, keep, take_away

_NEW = {
    "learner": "ada",
    "course": "sparse-attention",
    "assessment": "mid-term",
    "factor": "1.25",
    "extra_sittings": 0,
    "note": "",
}
_GIVEN = {"id": 5} | _NEW | {"given_by": "grace", "given_at": "2026-11-26T09:00:00Z"}


class AccommodationFilters(filters.FilterSet):  # type: ignore[misc]
    """Accommodations by place and learner."""

    course = filters.CharFilter("course__slug")
    assessment = filters.CharFilter("assessment__slug")
    learner = filters.CharFilter("learner__username")

    class Meta:
        model = Accommodation
        fields = ["course", "assessment", "learner"]


@readable("accommodations", "accommodations", "an accommodation", _GIVEN)
class Accommodations(Listed, Shown):
    """More time in the courses that you teach; open sittings end later at once."""

    scopes = (Scope.PEOPLE_READ, Scope.PEOPLE_WRITE)
    serializer_class = AccommodationSerializer
    filterset_class = AccommodationFilters
    lookup_value_regex = "[0-9]{1,9}"
    orderings = {"id": "pk", "learner": "username"}
    repeatable = {"create"}
    guarded = {"partial_update"}

    def get_queryset(self) -> QuerySet[Accommodation]:
        """Return those of the person's courses."""
        found = accommodations_seen(self.person)
        found = found.select_related("learner", "course", "assessment", "given_by")
        return found.annotate(username=F("learner__username"))

    @extend_schema(
        operation_id="accommodations_create",
        request=NewAccommodationSerializer,
        responses={201: AccommodationSerializer},
        examples=[
            example("A quarter more", _NEW, of_request=True),
            example("Given", _GIVEN),
        ],
    )
    def create(self, request: Request) -> Response:
        """Give a learner more time, or more sittings."""
        asked = dict(self.read(NewAccommodationSerializer))
        course = get_object_or_404(courses_run(self.person), slug=asked.pop("course"))
        learner = _learner(course, asked.pop("learner"))
        assessment = _assessment(course, asked.pop("assessment"))

        def work() -> Response:
            with refusals():
                given = give(self.person, learner, course, assessment, **asked)
            data = self._told(given.pk)
            where = {"Location": f"{request.path}{given.pk}/", "ETag": etag_of(data)}
            return Response(data, status=201, headers=where)

        return once(request, work)

    @extend_schema(
        operation_id="accommodations_change",
        request=ChangedAccommodationSerializer,
        examples=[
            example("Twice the time", {"factor": "2.00"}, of_request=True),
            example("Changed", _GIVEN | {"factor": "2.00"}),
        ],
    )
    def partial_update(self, _request: Request, **_place: Any) -> Response:
        """Change how much more; whoever and wherever it is for stays."""
        seen = self.get_object()
        asked = self.read(ChangedAccommodationSerializer, partial=True)
        with transaction.atomic():
            given = Accommodation.objects.select_for_update().get(pk=seen.pk)
            self.check_unchanged(self.get_serializer(given).data)
            for name, value in asked.items():
                setattr(given, name, value)
            keep(given, self.person)
        data = self._told(given.pk)
        return Response(data, headers={"ETag": etag_of(data)})

    @extend_schema(operation_id="accommodations_delete", request=None, responses={204: None})
    def destroy(self, _request: Request, **_place: Any) -> Response:
        """Take it back; open sittings end as they would have without."""
        take_away(self.get_object())
        return Response(status=204)

    def _told(self, pk: int) -> Any:
        return self.get_serializer(self.get_queryset().get(pk=pk)).data


def _learner(course: Course, username: str) -> User:
    found = User.objects.filter(enrolments__course=course, username=username).first()
    if found is None:
        raise ValidationError({"learner": ["Not enrolled in this course."]})
    return found


def _assessment(course: Course, slug: str | None) -> Assessment | None:
    if slug is None:
        return None
    found = course.assessments.filter(slug=slug).first()
    if found is None:
        raise ValidationError({"assessment": ["There is no such assessment in this course."]})
    return found

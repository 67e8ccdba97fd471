"""The gradebook of a course, what waits for a person, and assessments as they are built."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import django_filters as filters
from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.access import (
    assessments_staffed,
    courses_run,
    markable_courses,
    markable_texts,
)
from assessments.api.filters import KeyFilter
from assessments.api.refusals import refusals
from assessments.api.resources import Listed, Shown
from assessments.api.schema import example, listable, readable
from assessments.api.serializers.gradebook import (
    GradebookRowSerializer,
    TaughtAssessmentSerializer,
    WaitingSerializer,
    points_of,
)
from assessments.api.views.people import COURSE
from assessments.models import Assessment, Course, Scope, User, WaitingText, credited
from assessments.services.building import (
    hold_feedback_back,
    publish_assessment,
    release_feedback,
    unpublish_assessment,
)
from assessments.services.gradebook import (
    Result,
    assessments_of,
    learners_of,
    results,
    sittings_of,
    standing_of,
)

_ROW = {
    "learner": {"id": 3, "username": "ada", "name": "Ada Byron"},
    "results": [
        {
            "assessment": "mid-term",
            "standing": "waiting",
            "sitting": 41,
            "taken": 1,
            "going_on": False,
            "points": "7.50",
            "at_most": "9.50",
            "of": "10.00",
            "waiting": 1,
            "judging": 0,
        }
    ],
    "points": "7.50",
}


class GradebookFilters(filters.FilterSet):  # type: ignore[misc]
    """Rows of a learner, columns of an assessment."""

    learner = filters.CharFilter("username", help_text="A user name")
    assessment = filters.CharFilter(method="whole", help_text="Its slug: this column alone")

    class Meta:
        model = User
        fields = ["learner", "assessment"]

    def whole(self, rows: QuerySet[User], _name: str, _value: str) -> QuerySet[User]:
        """Return all rows: it chooses columns."""
        return rows


@extend_schema(parameters=[COURSE])
@listable("gradebook", "the learners of a course with their results", _ROW)
class Gradebook(Listed):
    """What each learner of a course has at each of its published assessments."""

    scopes = (Scope.GRADEBOOK_READ, None)
    serializer_class = GradebookRowSerializer
    filterset_class = GradebookFilters
    orderings = {"username": "username", "id": "pk"}

    def course(self) -> Course:
        """Return the course. Raises ``Http404``."""
        slug = self.kwargs.get("course", "")
        return get_object_or_404(markable_courses(self.person), slug=slug)

    def get_queryset(self) -> QuerySet[User]:
        """Return the learners."""
        if getattr(self, "swagger_fake_view", False):
            return User.objects.none()
        return learners_of(self.course())

    def list(self, _request: Request, **_place: Any) -> Response:
        """Return a page of rows: eight queries, however many learners."""
        course = self.course()
        columns = self._columns(course)
        page = self.paginate_queryset(self.filter_queryset(learners_of(course))) or []
        known = results(sittings_of(course).filter(learner__in=[one.pk for one in page]), columns)
        rows = [_row(one, columns, known) for one in page]
        data = self.get_serializer(rows, many=True).data
        return self.get_paginated_response(self.sparse(data))

    def _columns(self, course: Course) -> Sequence[Assessment]:
        listed, wanted = assessments_of(course), self.request.query_params.get("assessment")
        if wanted is None:
            return listed
        chosen = [one for one in listed if one.slug == wanted]
        if not chosen:
            raise ValidationError({"assessment": ["There is no such assessment in this course."]})
        return chosen


def _row(
    learner: User, columns: Sequence[Assessment], known: Mapping[tuple[int, int], Result]
) -> dict[str, Any]:
    found = [(one, known.get((learner.pk, one.pk))) for one in columns]
    least = sum((one.tally.score.least for _column, one in found if one), Decimal(0))
    told = [_result(column, one) for column, one in found]
    return {"learner": learner, "results": told, "points": points_of(least)}


def _result(assessment: Assessment, result: Result | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "assessment": assessment.slug,
        "standing": standing_of(result).value,
        "taken": result.taken if result else 0,
        "going_on": bool(result and result.going_on),
    }
    if result is None or result.sitting is None:
        nothing = dict.fromkeys(("sitting", "points", "at_most", "of"))
        return told | nothing | {"waiting": 0, "judging": 0}
    tally = result.tally
    return told | {
        "sitting": result.sitting.pk,
        "points": points_of(tally.score.least),
        "at_most": points_of(tally.score.most),
        "of": points_of(tally.score.of),
        "waiting": tally.waiting,
        "judging": tally.judging,
    }


class WaitingFilters(filters.FilterSet):  # type: ignore[misc]
    """Answers by what they answer."""

    question = filters.CharFilter("attempt__question__slug")
    assessment = KeyFilter("attempt__sitting__assessment")

    class Meta:
        model = WaitingText
        fields = ["question", "assessment"]


@listable(
    "waiting",
    "the answers that wait for a person, as far as you mark them, the oldest first",
    {
        "id": 77,
        "attempt": 40,
        "question": "why-memory",
        "assessment": 3,
        "answered_at": "2026-11-26T09:40:00Z",
        "waiting": "1.0000",
    },
)
class Waiting(Listed):
    """What waits for a person: the piles of whoever marks."""

    scopes = (Scope.GRADEBOOK_READ, None)
    serializer_class = WaitingSerializer
    filterset_class = WaitingFilters
    orderings = {"answered_at": "created_at", "id": "pk"}

    def get_queryset(self) -> QuerySet[Any]:
        """Return what the person may mark and nobody has."""
        found = credited(markable_texts(self.person)).filter(waiting__gt=0)
        waiting: QuerySet[Any] = found.select_related("attempt__question", "attempt__sitting")
        return waiting.defer("answer", "feedback")


_ASSESSMENT = {
    "id": 3,
    "course": "sparse-attention",
    "slug": "mid-term",
    "title": "Mid-term exam",
    "introduction": "Everything up to chapter 4.",
    "kind": "exam",
    "position": 0,
    "opens_at": "2026-11-26T09:00:00Z",
    "closes_at": "2026-11-26T12:00:00Z",
    "minutes": 60,
    "grace_seconds": 60,
    "sittings_allowed": 1,
    "shuffles": True,
    "feedback": "released",
    "counts": "best",
    "published_at": "2026-11-20T09:00:00Z",
    "released_at": None,
    "begun": 31,
    "handed_in": 30,
    "places": [
        {
            "position": 0,
            "points": "10.00",
            "question": "which-cut",
            "draws": 1,
            "concept": None,
            "kind": "",
            "tag": None,
            "easiest": None,
            "hardest": None,
        }
    ],
}


class TaughtFilters(filters.FilterSet):  # type: ignore[misc]
    """Assessments by course."""

    course = filters.CharFilter("course__slug")

    class Meta:
        model = Assessment
        fields = ["course"]


@readable(
    "taught_assessments",
    "the assessments of the courses that you work in, unpublished ones too",
    "an assessment with its places",
    _ASSESSMENT,
)
class TaughtAssessments(Listed, Shown):
    """Assessments as they are built: read by those who work in a course."""

    scopes = (Scope.GRADEBOOK_READ, Scope.GRADEBOOK_WRITE)
    serializer_class = TaughtAssessmentSerializer
    filterset_class = TaughtFilters
    lookup_value_regex = "[0-9]{1,9}"
    orderings = {"position": "position", "title": "title", "id": "pk"}

    def get_queryset(self) -> QuerySet[Assessment]:
        """Return them with their places, and how many learners have sat them."""
        own = Q(sittings__is_test=False)
        over = own & Q(sittings__handed_in_at__isnull=False)
        found = assessments_staffed(self.person).select_related("course")
        return found.prefetch_related("slots__question", "slots__concept", "slots__tag").annotate(
            begun=Count("sittings", filter=own), handed_in=Count("sittings", filter=over)
        )

    def _do(self, verb: Callable[[Assessment], None]) -> Response:
        found = self.get_object()
        if not courses_run(self.person).filter(pk=found.course_id).exists():
            raise PermissionDenied
        with refusals():
            verb(found)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        operation_id="taught_assessments_publish",
        request=None,
        examples=[example("Learners see it", _ASSESSMENT)],
    )
    @action(detail=True, methods=["post"])
    def publish(self, _request: Request, **_place: Any) -> Response:
        """Let learners see and sit it; what keeps it from being sat is told."""
        return self._do(publish_assessment)

    @extend_schema(
        operation_id="taught_assessments_unpublish",
        request=None,
        examples=[example("Learners see it no more", _ASSESSMENT | {"published_at": None})],
    )
    @action(detail=True, methods=["post"])
    def unpublish(self, _request: Request, **_place: Any) -> Response:
        """Hide it from learners, where nobody is sitting it."""
        return self._do(unpublish_assessment)

    @extend_schema(
        operation_id="taught_assessments_release",
        request=None,
        examples=[example("Released", _ASSESSMENT | {"released_at": "2026-11-27T09:00:00Z"})],
    )
    @action(detail=True, methods=["post"])
    def release(self, _request: Request, **_place: Any) -> Response:
        """Show learners how their answers were marked, from now on."""
        return self._do(release_feedback)

    @extend_schema(
        operation_id="taught_assessments_hold_back",
        request=None,
        examples=[example("Held back", _ASSESSMENT)],
    )
    @action(detail=True, methods=["post"], url_path="hold-back")
    def hold_back(self, _request: Request, **_place: Any) -> Response:
        """Show it no longer."""
        return self._do(hold_feedback_back)

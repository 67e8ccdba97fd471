"""The people of a course, and whom somebody teaches."""

from typing import Any

import django_filters as filters
from django.db.models import F, Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.access import courses_run, markable_courses, people_taught
from assessments.api.repeats import once
from assessments.api.resources import Listed, Shown
from assessments.api.schema import example, readable
from assessments.api.serializers.people import (
    EnrolmentSerializer,
    NewEnrolmentSerializer,
    RoleSerializer,
    TaughtSerializer,
)
from assessments.models import Course, Enrolment, Scope, User
from assessments.services import change_role, enrol_people, find_people, remove_person

COURSE = OpenApiParameter("course", str, "path", description="The slug of the course")
_ENROLMENT = {
    "id": 12,
    "person": {"id": 3, "username": "ada", "name": "Ada Byron"},
    "role": "learner",
}


class EnrolmentFilters(filters.FilterSet):  # type: ignore[misc]
    """Enrolments by role and person."""

    role = filters.ChoiceFilter(choices=Enrolment.Role.choices)
    username = filters.CharFilter("user__username")

    class Meta:
        model = Enrolment
        fields = ["role", "username"]


@extend_schema(parameters=[COURSE])
@readable("enrolments", "who is in a course", "somebody's part in a course", _ENROLMENT)
class Enrolments(Listed, Shown):
    """Who is in a course: read by those who work in it, changed by its instructors."""

    scopes = (Scope.PEOPLE_READ, Scope.PEOPLE_WRITE)
    serializer_class = EnrolmentSerializer
    filterset_class = EnrolmentFilters
    lookup_value_regex = "[0-9]{1,9}"
    orderings = {"username": "username", "role": "role", "id": "pk"}
    repeatable = {"create"}

    def course(self, *, change: bool = False) -> Course:
        """Return the course. Raises ``Http404``, and ``PermissionDenied`` for its assistants."""
        slug = self.kwargs.get("course", "")
        course = get_object_or_404(markable_courses(self.person), slug=slug)
        if change and not courses_run(self.person).filter(pk=course.pk).exists():
            raise PermissionDenied
        return course

    def get_queryset(self) -> QuerySet[Enrolment]:
        """Return those of the course."""
        if getattr(self, "swagger_fake_view", False):
            return Enrolment.objects.none()
        found = Enrolment.objects.filter(course=self.course()).select_related("user")
        return found.annotate(username=F("user__username"))

    @extend_schema(
        operation_id="enrolments_create",
        request=NewEnrolmentSerializer,
        responses={201: EnrolmentSerializer},
        examples=[
            example("By address", {"who": "ada@school.example"}, of_request=True),
            example("Enrolled", _ENROLMENT),
        ],
    )
    def create(self, request: Request, **_place: Any) -> Response:
        """Enrol somebody; who is in the course already keeps their role."""
        course = self.course(change=True)
        asked = self.read(NewEnrolmentSerializer)

        def work() -> Response:
            user = _found(course, asked["who"], unsure=asked["unconfirmed"])
            enrol_people(course, [user], Enrolment.Role(asked["role"]))
            enrolment = course.enrolments.select_related("user").get(user=user)
            where = {"Location": f"{request.path}{enrolment.pk}/"}
            return Response(self.get_serializer(enrolment).data, status=201, headers=where)

        return once(request, work)

    @extend_schema(
        operation_id="enrolments_change",
        request=RoleSerializer,
        examples=[
            example("Another role", {"role": "assistant"}, of_request=True),
            example("It is theirs", _ENROLMENT | {"role": "assistant"}),
        ],
    )
    def partial_update(self, _request: Request, **_place: Any) -> Response:
        """Give somebody another role; a course keeps at least one instructor."""
        self.course(change=True)
        enrolment = self.get_object()
        asked = self.read(RoleSerializer)
        change_role(enrolment, Enrolment.Role(asked["role"]))
        # Whoever gives up their own part does not see it any more.
        enrolment.refresh_from_db(fields=["role"])
        return Response(self.get_serializer(enrolment).data)

    @extend_schema(operation_id="enrolments_remove", request=None, responses={204: None})
    def destroy(self, _request: Request, **_place: Any) -> Response:
        """Take somebody out of the course; what they did there stays."""
        self.course(change=True)
        remove_person(self.get_object())
        return Response(status=204)


def _found(course: Course, who: str, *, unsure: bool) -> User:
    """Return the one account that a name or an address is. Raises ``ValidationError``."""
    found = find_people(course, who)
    if len(found) != 1:
        raise ValidationError({"who": ["Name one person."]})
    one = found[0]
    if one.user is None:
        raise ValidationError({"who": [one.fault]})
    if not (one.is_sure or unsure):
        told = "The account has not confirmed this address: give the user name."
        raise ValidationError({"who": [told]})
    return one.user


class TaughtFilters(filters.FilterSet):  # type: ignore[misc]
    """People by name and course."""

    username = filters.CharFilter("username")
    course = filters.CharFilter("enrolments__course__slug", distinct=True)

    class Meta:
        model = User
        fields = ["username", "course"]


@readable(
    "users",
    "the people whom you teach",
    "somebody whom you teach",
    _ENROLMENT["person"]  # type: ignore[operator]
    | {
        "email": "ada@school.example",
        "courses": [{"course": "sparse-attention", "role": "learner"}],
    },
)
class Users(Listed, Shown):
    """Who is in the courses that you teach; whoever administers sees all accounts."""

    scopes = (Scope.PEOPLE_READ, None)
    serializer_class = TaughtSerializer
    filterset_class = TaughtFilters
    lookup_value_regex = "[0-9]{1,9}"
    orderings = {"username": "username", "id": "pk"}

    def get_queryset(self) -> QuerySet[User]:
        """Return them with the courses that are the asker's to know."""
        taught = Enrolment.objects.filter(course__in=courses_run(self.person))
        taught = taught.select_related("course").order_by("course__title", "pk")
        return people_taught(self.person).prefetch_related(
            Prefetch("enrolments", taught, to_attr="taught")
        )

"""The admin: people and courses can be edited; what was written once can only be read."""

from typing import TYPE_CHECKING, Any

# It registers what is taken away again below.
import allauth.socialaccount.admin  # noqa: F401
from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern

from assessments import access

# They register what they show.
from assessments.admin import (  # noqa: F401
    assessments,
    drafts,
    grading,
    held,
    marking,
    people,
    questions,
)
from assessments.admin.scoped import OfCourses, OfRows, ReadOfCourses, works_somewhere
from assessments.models import (
    Attempt,
    Course,
    CourseItem,
    Enrolment,
    Response,
    Review,
    User,
    Vote,
    Worker,
)
from question_bank.admin import ReadOnly

if TYPE_CHECKING:
    Inline = admin.TabularInline[Any, Any]
else:
    Inline = admin.TabularInline

admin.site.register(User, UserAdmin)
# The provider of single sign-on is set by the environment, and its secret is shown nowhere.
admin.site.unregister([SocialApp, SocialToken])


class CourseItems(Inline):
    """A course's questions in their order; whoever may change the course may change them."""

    model = CourseItem
    extra = 0
    autocomplete_fields = ["question"]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the person sees the course."""
        return _may_change(request, obj) or access.marks_course(request.user, _course(obj))

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the person may change the course."""
        return _may_change(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the person may change the course."""
        return _may_change(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the person may change the course."""
        return _may_change(request, obj)


def _course(row: Model | None) -> Course | None:
    return row if isinstance(row, Course) else None


def _may_change(request: HttpRequest, course: Model | None) -> bool:
    return request.user.is_superuser or access.teaches(request.user, _course(course))


@admin.register(Course)
class CourseAdmin(OfCourses):
    """Courses with their questions and their people."""

    list_display = ["title", "slug", "is_open"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["concepts"]
    search_fields = ["title", "slug"]
    inlines = [CourseItems]

    def within(self, user: access.Person) -> QuerySet[Course]:
        """Return the courses that the person teaches or assists."""
        return access.courses_marked(user)

    def has_change_permission(self, request: HttpRequest, row: Model | None = None) -> bool:
        """Whether the person is an instructor of the course; without one, of any."""
        if row is None:
            return request.user.is_superuser or works_somewhere(request, teaches=True)
        return _may_change(request, row)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only a superuser makes courses."""
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, _row: Model | None = None) -> bool:
        """Only a superuser deletes courses."""
        return request.user.is_superuser

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Course | None = None
    ) -> dict[str, Any]:
        """Return none for those who may only look."""
        fits = self.has_change_permission(request, obj)
        return dict(super().get_prepopulated_fields(request, obj)) if fits else {}

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of the course's people."""
        return [*people.addresses(self), *super().get_urls()]


@admin.register(Enrolment)
class EnrolmentAdmin(OfCourses):
    """Who is in which course; instructors change it on the page of their course's people."""

    list_display = ["user", "course", "role"]
    list_filter = [("course", OfRows), "role"]
    list_select_related = ["user", "course"]
    autocomplete_fields = ["user", "course"]
    search_fields = ["user__username", "user__email"]

    def within(self, user: access.Person) -> QuerySet[Enrolment]:
        """Return who is in the courses that the person teaches or assists."""
        return Enrolment.objects.filter(course__in=access.courses_marked(user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only a superuser, past the rules that the course's own page keeps."""
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, _row: Model | None = None) -> bool:
        """Only a superuser."""
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, _row: Model | None = None) -> bool:
        """Only a superuser."""
        return request.user.is_superuser


@admin.register(Attempt)
class AttemptAdmin(ReadOfCourses):
    """Who is at which question, in which version."""

    list_display = ["learner", "question", "purpose", "number", "version", "started_at"]
    list_filter = ["purpose", ("question", OfRows), "started_at"]
    list_select_related = ["learner", "question", "version__question"]
    search_fields = ["learner__username", "question__slug"]

    def within(self, user: access.Person) -> QuerySet[Attempt]:
        """Return the attempts that the person sees anywhere."""
        return access.visible_attempts(user)


@admin.register(Response)
class ResponseAdmin(ReadOfCourses):
    """Answers and how they were marked."""

    list_display = ["attempt", "number", "answer", "fraction", "waits", "created_at"]
    list_filter = [("attempt__question", OfRows), "fraction"]
    list_select_related = ["attempt__learner", "attempt__question"]
    search_fields = ["attempt__learner__username"]

    def within(self, user: access.Person) -> QuerySet[Response]:
        """Return the answers of the attempts that the person sees."""
        return Response.objects.filter(attempt__in=access.visible_attempts(user))


@admin.register(Review)
class ReviewAdmin(ReadOfCourses):
    """What people decided about held gradings, the undone decisions too."""

    list_display = ["grading", "accepted", "reviewer", "reviewed_at", "undone_by", "undone_at"]
    list_filter = ["accepted", "reviewed_at"]
    list_select_related = [
        "reviewer", "undone_by",
        "grading__submission__attempt__learner", "grading__submission__attempt__question",
    ]  # fmt: skip

    def within(self, user: access.Person) -> QuerySet[Review]:
        """Return the decisions about the learners whom the person teaches."""
        return Review.objects.filter(grading__in=access.reviewable_gradings(user))


@admin.register(Vote)
class VoteAdmin(ReadOfCourses):
    """Whether pages of concepts helped, with what people wrote."""

    list_display = ["concept", "helped", "comment", "user", "voted_at"]
    list_filter = ["helped", "concept"]
    list_select_related = ["concept", "user"]
    search_fields = ["comment", "concept__title"]

    def within(self, user: access.Person) -> QuerySet[Vote]:
        """Return the votes about concepts of the courses that the person teaches or assists."""
        courses = access.courses_marked(user)
        return Vote.objects.filter(
            concept__courses__in=courses, user__enrolments__course__in=courses
        ).distinct()


@admin.register(Worker)
class WorkerAdmin(ReadOnly):
    """Which grading workers are there, and when each was last heard of."""

    list_display = ["name", "device", "seen_at"]
    list_filter = ["device"]

"""The admin: people and courses can be edited; what was written once can only be read."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

# They register what they show.
from assessments.admin import drafts, grading, held, marking, questions  # noqa: F401
from assessments.models import (
    Attempt,
    Course,
    CourseItem,
    Enrolment,
    Response,
    Review,
    User,
    Worker,
)
from question_bank.admin import Admin, ReadOnly

if TYPE_CHECKING:
    Inline = admin.TabularInline[Any, Any]
else:
    Inline = admin.TabularInline

admin.site.register(User, UserAdmin)


class CourseItems(Inline):
    """A course's questions in their order."""

    model = CourseItem
    extra = 0
    autocomplete_fields = ["question"]


@admin.register(Course)
class CourseAdmin(Admin):
    """Courses with their questions."""

    list_display = ["title", "slug", "is_open"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["concepts"]
    search_fields = ["title", "slug"]
    inlines = [CourseItems]


@admin.register(Enrolment)
class EnrolmentAdmin(Admin):
    """Who is in which course."""

    list_display = ["user", "course", "role"]
    list_filter = ["course", "role"]
    list_select_related = ["user", "course"]
    autocomplete_fields = ["user", "course"]
    search_fields = ["user__username", "user__email"]


@admin.register(Attempt)
class AttemptAdmin(ReadOnly):
    """Who is at which question, in which version."""

    list_display = ["learner", "question", "number", "version", "started_at"]
    list_filter = ["question", "started_at"]
    list_select_related = ["learner", "question", "version__question"]
    search_fields = ["learner__username", "question__slug"]


@admin.register(Response)
class ResponseAdmin(ReadOnly):
    """Answers and how they were marked."""

    list_display = ["attempt", "number", "answer", "fraction", "waits", "created_at"]
    list_filter = ["attempt__question", "fraction"]
    list_select_related = ["attempt__learner", "attempt__question"]
    search_fields = ["attempt__learner__username"]


@admin.register(Review)
class ReviewAdmin(ReadOnly):
    """What people decided about held gradings, the undone decisions too."""

    list_display = ["grading", "accepted", "reviewer", "reviewed_at", "undone_by", "undone_at"]
    list_filter = ["accepted", "reviewed_at"]
    list_select_related = [
        "reviewer", "undone_by",
        "grading__submission__attempt__learner", "grading__submission__attempt__question",
    ]  # fmt: skip


@admin.register(Worker)
class WorkerAdmin(ReadOnly):
    """Which grading workers are there, and when each was last heard of."""

    list_display = ["name", "device", "seen_at"]
    list_filter = ["device"]

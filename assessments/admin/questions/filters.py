"""What the list of questions is narrowed by, beside their own columns."""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from assessments.admin.questions.usage import MANY, used
from assessments.admin.rights import may
from assessments.models import Course, User
from assessments.services.question_states import STATES, standing, waiting_for
from question_bank.models import Question

Choices = list[tuple[str, str]]


class _Choice(ABC, admin.SimpleListFilter):
    """One of several values; anything else leaves the list as it is."""

    def queryset(self, request: HttpRequest, rows: QuerySet[Question]) -> QuerySet[Question]:
        """Filter where a known value is asked for."""
        value = self.value()
        known = {str(key) for key, _ in self.lookup_choices}
        return self.narrowed(request, rows, value) if value in known and value else rows

    @abstractmethod
    def narrowed(
        self, request: HttpRequest, rows: QuerySet[Question], value: str
    ) -> QuerySet[Question]:
        """Return the rows that a known value leaves."""


class ForYou(_Choice):
    """What somebody else has handed in, for those who may approve it."""

    title = gettext_lazy("approval")
    parameter_name = "for"

    def lookups(self, request: HttpRequest, _admin: Any) -> Choices:
        """Return the choice, to reviewers."""
        return (
            [("approval", gettext("waiting for your approval"))]
            if may(request.user, "approve")
            else []
        )

    def narrowed(
        self, request: HttpRequest, rows: QuerySet[Question], _value: str
    ) -> QuerySet[Question]:
        """Return what the person may approve."""
        assert isinstance(request.user, User)
        return waiting_for(rows, request.user)


class State(_Choice):
    """Where questions stand."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _admin: Any) -> Choices:
        """Return the states."""
        return [(state, str(words)) for state, words in STATES.items()]

    def narrowed(
        self, _request: HttpRequest, rows: QuerySet[Question], value: str
    ) -> QuerySet[Question]:
        """Return what is in a state."""
        return standing(rows, value)


class Usage(_Choice):
    """How many attempts there are."""

    title = gettext_lazy("usage")
    parameter_name = "usage"

    def lookups(self, _request: HttpRequest, _admin: Any) -> Choices:
        """Return the bounds."""
        return [
            ("never", gettext("never used")),
            ("used", gettext("used")),
            ("many", gettext("more than %(many)s attempts") % {"many": MANY}),
        ]

    def narrowed(
        self, _request: HttpRequest, rows: QuerySet[Question], value: str
    ) -> QuerySet[Question]:
        """Return what is used so much."""
        return used(rows, value)


class InCourse(_Choice):
    """Which course has them."""

    title = gettext_lazy("course")
    parameter_name = "course"

    def lookups(self, _request: HttpRequest, _admin: Any) -> Choices:
        """Return the courses, and none."""
        courses = Course.objects.values_list("pk", "title")
        return [*((str(pk), title) for pk, title in courses), ("none", gettext("in no course"))]

    def narrowed(
        self, _request: HttpRequest, rows: QuerySet[Question], value: str
    ) -> QuerySet[Question]:
        """Return the questions of a course, or of none."""
        if value == "none":
            return rows.filter(courses=None)
        return rows.filter(pk__in=Question.objects.filter(courses=int(value)))


class Folder(_Choice):
    """A folder with all that is in it."""

    title = gettext_lazy("folder")
    parameter_name = "folder"

    def lookups(self, _request: HttpRequest, _admin: Any) -> Choices:
        """Return the folders in use and those that they are in."""
        used_ones = Question.objects.exclude(folder="").order_by().values_list("folder", flat=True)
        names = {each for folder in used_ones.distinct() for each in _with_those_above(folder)}
        return [(name, name) for name in sorted(names)]

    def narrowed(
        self, _request: HttpRequest, rows: QuerySet[Question], value: str
    ) -> QuerySet[Question]:
        """Return what is in a folder or below it."""
        return rows.filter(Q(folder=value) | Q(folder__startswith=f"{value}/"))


def _with_those_above(folder: str) -> list[str]:
    names = folder.split("/")
    return ["/".join(names[: depth + 1]) for depth in range(len(names))]

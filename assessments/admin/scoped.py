"""Rows of courses: who works in a course finds its rows in the admin, and no others.

What counts is the role in the course, not the permissions that Django keeps beside it: an
instructor of one course has no business in another. A superuser sees all.
"""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from assessments import access
from question_bank.admin import Admin, ReadOnly


class OfCourses(Admin):
    """Shows to each person the rows of the courses that they teach or assist."""

    def within(self, _user: access.Person) -> QuerySet[Any]:
        """Return the rows that a person sees."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the person's rows."""
        if request.user.is_superuser:
            return super().get_queryset(request)
        ordering = self.get_ordering(request)
        rows = self.within(request.user)
        return rows.order_by(*ordering) if ordering else rows

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the person finds these rows in the index."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, row: Model | None = None) -> bool:
        """Whether the person sees the row; without one, whether any course is theirs to see."""
        if request.user.is_superuser:
            return True
        if row is None:
            return _marks_anything(request)
        return self.within(request.user).filter(pk=row.pk).exists()


def _marks_anything(request: HttpRequest) -> bool:
    """Whether the person marks any course; asked once a request, though each model asks it."""
    known: bool | None = getattr(request, "marks_anything", None)
    if known is None:
        known = access.courses_marked(request.user).exists()
        request.marks_anything = known  # type: ignore[attr-defined] # ours, for this request
    return known


class ReadOfCourses(OfCourses, ReadOnly):
    """Shows them, and changes none."""

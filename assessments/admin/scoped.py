"""Rows of courses: who works in a course finds its rows in the admin, and no others.

What counts is the role in the course, not the permissions that Django keeps beside it: an
instructor of one course has no business in another. A superuser sees all.
"""

from typing import Any

from django.contrib.admin import RelatedFieldListFilter
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from assessments import access
from question_bank.admin import Admin, ReadOnly


def works_somewhere(request: HttpRequest, *, teaches: bool = False) -> bool:
    """Whether the person assists or teaches any course; asked once for all of a page's links."""
    kept = "_teaches_somewhere" if teaches else "_works_somewhere"
    if not hasattr(request, kept):
        courses = access.courses_taught if teaches else access.courses_marked
        setattr(request, kept, courses(request.user).exists())
    return bool(getattr(request, kept))


class OfRows(RelatedFieldListFilter):
    """A filter that offers what occurs in the rows which the person sees: no titles of others."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, Any]]:
        """Return the choices."""
        occurring = model_admin.get_queryset(request).order_by().values(self.field_path)
        ordering = self.field_admin_ordering(field, request, model_admin)
        choices: list[tuple[str, Any]] = field.get_choices(
            include_blank=False, ordering=ordering, limit_choices_to={"pk__in": occurring}
        )
        return choices


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
            return works_somewhere(request)
        return self.within(request.user).filter(pk=row.pk).exists()


class ReadOfCourses(OfCourses, ReadOnly):
    """Shows them, and changes none."""

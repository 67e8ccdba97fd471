"""Whom the admin's pages about marks are for."""

from django.db.models import Model
from django.http import HttpRequest

from assessments import access
from question_bank.admin import ReadOnly


class ForMarkers(ReadOnly):
    """For whoever marks a course, as assistant or instructor: no permission of a model is asked.

    A row is theirs if it is in ``get_queryset``.
    """

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether there is a course that the person marks."""
        return access.courses_marked(request.user).exists()

    def has_view_permission(self, request: HttpRequest, row: Model | None = None) -> bool:
        """Whether the row is among the person's, or whether they mark anything."""
        if row is None:
            return self.has_module_permission(request)
        return self.get_queryset(request).filter(pk=row.pk).exists()

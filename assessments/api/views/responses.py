"""Answers as they were given and marked."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from assessments.access import visible_attempts
from assessments.api.filters import ResponseFilters
from assessments.api.resources import Listed, Shown
from assessments.api.schema import readable
from assessments.api.serializers.attempts import ResponseSerializer
from assessments.api.views.answering import RESPONSE
from assessments.api.views.work import Work
from assessments.models import Response, RubricMark, Scope, credited
from assessments.services import standing_marks


@readable(
    "responses",
    "answers that were given: your own, and those of the learners whom you teach or assist",
    "an answer as it was given, with its mark once that is released",
    RESPONSE,
)
class Responses(Listed, Shown, Work):
    """Answers as they were given and marked."""

    scopes = (Scope.WORK_READ, None)
    serializer_class = ResponseSerializer
    filterset_class = ResponseFilters
    orderings = {"id": "pk", "created_at": "created_at"}
    to_attempt = "attempt__"

    def get_queryset(self) -> QuerySet[Response]:
        """Return those of the attempts that the person sees."""
        seen = Response.objects.filter(attempt__in=visible_attempts(self.person))
        related = credited(seen).select_related(
            "attempt__question", "attempt__learner", "attempt__sitting__assessment"
        )
        return self.not_closed(related)

    @cached_property
    def rubric_marks(self) -> dict[int, RubricMark]:
        """The marks that persons gave, by the key of their answer."""
        return {}

    def paginate_queryset(self, queryset: Any) -> Any:
        """Return a page of answers, the persons' marks of all of them read at once."""
        page = super().paginate_queryset(queryset)
        self.rubric_marks.update(standing_marks(page or []))
        return page

    def get_object(self) -> Response:
        """Return an answer, with the mark that a person gave it."""
        found: Response = super().get_object()
        self.rubric_marks.update(standing_marks([found]))
        return found

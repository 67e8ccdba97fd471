"""Versions of a question, what they ask under each seed, and what was done with them."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.access import questions_worked_on
from assessments.api.problems import Problem
from assessments.api.resources import Listed, Resource, Shown
from assessments.api.schema import example, listable, readable
from assessments.api.serializers.bank import (
    EventSerializer,
    KeyedVariantSerializer,
    VersionSerializer,
    WholeVersionSerializer,
)
from assessments.api.views.attempts import ASKED
from assessments.api.views.bank import CONTENT
from assessments.models import Scope
from question_bank.kinds import ContentError
from question_bank.models import Question, QuestionEvent, QuestionVersion
from question_bank.variants import DEPLOYED, variant_of

SLUG = OpenApiParameter("slug", str, "path", description="Of the question")
NUMBER = OpenApiParameter("number", int, "path", description="Of the version, from 1")
VERSION = {
    "number": 3,
    "digest": "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
    "author": "ada",
    "made_at": "2026-11-26T09:00:00Z",
    "is_live": False,
}


class OfQuestion(Resource):
    """Something that belongs to a question of the bank."""

    scopes = (Scope.AUTHORING_READ, Scope.AUTHORING_WRITE)

    def question(self) -> Question:
        """Return the question. Raises ``Http404``."""
        slug = self.kwargs.get("slug", "")
        return get_object_or_404(questions_worked_on(self.person), slug=slug)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Look the question up first: of what is not there there are no lists."""
        super().initial(request, *args, **kwargs)
        self.question()


@extend_schema(parameters=[SLUG])
@readable(
    "bank_versions",
    "the versions of a question",
    "a version with its content",
    VERSION,
    whole=VERSION | {"content": CONTENT},
)
class Versions(Listed, Shown, OfQuestion):
    """What a question has said; a version never changes."""

    lookup_field = "number"
    lookup_value_regex = "[0-9]{1,9}"
    orderings = {"number": "number"}

    def get_queryset(self) -> QuerySet[QuestionVersion]:
        """Return those of the question, without their content where it is not told."""
        seen = questions_worked_on(self.person).filter(slug=self.kwargs.get("slug", ""))
        found = QuestionVersion.objects.filter(question__in=seen)
        found = found.select_related("author", "question")
        return found if self.action == "retrieve" else found.defer("content")

    def get_serializer_class(self) -> type[VersionSerializer]:
        """Return how much of a version is told."""
        return WholeVersionSerializer if self.action == "retrieve" else VersionSerializer


@extend_schema(parameters=[SLUG])
@listable(
    "bank_events",
    "what was done with a question, the oldest first",
    {
        "id": 12,
        "action": "approved",
        "version": 3,
        "by": "grace",
        "note": "",
        "at": "2026-11-26T10:00:00Z",
    },
)
class Events(Listed, OfQuestion):
    """The history of a question."""

    serializer_class = EventSerializer
    orderings = {"id": "pk"}

    def get_queryset(self) -> QuerySet[QuestionEvent]:
        """Return that of the question."""
        seen = questions_worked_on(self.person).filter(slug=self.kwargs.get("slug", ""))
        return QuestionEvent.objects.filter(question__in=seen).select_related("by", "version")


class KeyedVariants(OfQuestion):
    """What a version asks under a seed, with the key."""

    serializer_class = KeyedVariantSerializer
    pagination_class = None

    @extend_schema(
        operation_id="bank_versions_variant",
        parameters=[
            *(SLUG, NUMBER),
            OpenApiParameter("seed", int, "path", description="From 0 to 63"),
        ],
        examples=[
            example(
                "A variant with its key",
                {
                    "version": 3,
                    "seed": 17,
                    "asked": ASKED,
                    "explanation": "What is skipped costs nothing.",
                    "answers": [
                        {
                            "answer": "1",
                            "fault": "",
                            "credit": "1.0000",
                            "waits": "0.0000",
                            "given": "Skipping pairs",
                            "right": "Skipping pairs",
                            "feedback": "Right.",
                        }
                    ],
                },
            )
        ],
    )
    def retrieve(self, _request: Request, slug: str, number: int, seed: int) -> Response:  # noqa: ARG002
        """Show what a learner would be asked, with the explanation and answers that are marked."""
        versions = self.question().versions
        version = get_object_or_404(versions, number=number)
        if seed not in DEPLOYED:
            raise Http404
        try:
            variant = variant_of(version, seed)
        except (ValidationError, ContentError) as fault:
            raise Problem(409, "cannot-be-drawn", str(fault)) from fault
        told = {"version": number, "seed": seed, "variant": variant, "content": version.content}
        return Response(self.sparse(self.get_serializer(told).data))

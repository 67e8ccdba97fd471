"""Variants of a question: what it asks under each seed."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.access import visible_questions
from assessments.api.schema import example
from assessments.api.serializers.variants import VariantSerializer
from assessments.api.views.attempts import ASKED
from assessments.api.views.work import Work
from assessments.models import Scope
from question_bank.variants import DEPLOYED, variant_of


class Variants(Work):
    """What a question asks with the values that a seed draws; nothing is begun by looking."""

    scopes = (Scope.COURSES_READ, None)
    serializer_class = VariantSerializer
    pagination_class = None

    @extend_schema(
        operation_id="questions_variant",
        examples=[
            example(
                "A variant", {"question": "which-cut", "version": 2, "seed": 17, "asked": ASKED}
            )
        ],
    )
    def retrieve(self, _request: Request, slug: str, seed: int) -> Response:
        """Show what a question asks under a seed from 0 to 63, in its live version."""
        found = visible_questions(self.person).select_related("live")
        question = get_object_or_404(found, slug=slug, live__isnull=False)
        if seed not in DEPLOYED or question.live is None:
            raise Http404
        self.check_open(question)
        told: dict[str, Any] = {
            "question": question.slug,
            "version": question.live.number,
            "seed": seed,
            "variant": variant_of(question.live, seed),
        }
        return Response(self.sparse(self.get_serializer(told).data))

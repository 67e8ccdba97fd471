"""Courses, concepts, and questions as learners see them."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.access import visible_concepts, visible_courses, visible_questions
from assessments.api.filters import ConceptFilters, QuestionFilters
from assessments.api.resources import Listed, Shown
from assessments.api.schema import example, readable
from assessments.api.serializers.courses import (
    ConceptSerializer,
    CourseSerializer,
    GraphSerializer,
    QuestionSerializer,
    WholeConceptSerializer,
)
from assessments.api.serializers.subjects import with_subjects
from assessments.models import Course, Enrolment, Scope
from assessments.services import join
from question_bank.models import Concept, Question

_COURSE = {
    "slug": "sparse-attention",
    "title": "Sparse attention for large language models",
    "summary": "From the mask to the kernel.",
    "chapters": ["Attention and its cost", "Patterns"],
    "is_open": True,
    "role": "learner",
}
_CONCEPT = {
    "slug": "local-window",
    "title": "Local window",
    "chapter": "Patterns",
    "position": 9,
    "summary": "Each query sees the w keys up to its own.",
    "learn_before": ["sparse-attention"],
}
_BEFORE = _CONCEPT | {"slug": "sparse-attention", "title": "Sparse attention", "learn_before": []}
_WHOLE = _CONCEPT | {
    "learn_after": ["longformer"],
    "body": "A query at position i sees …",
    "pattern": "causal & window(w)",
    "pattern_n": 32,
}
_QUESTION = {
    "slug": "sliding-window",
    "kind": "code",
    "title": "Sliding-window attention",
    "bloom": "create",
    "difficulty": 3,
    "concepts": ["sliding-window"],
    "tags": ["interview-practice"],
    "is_live": True,
}


@readable("courses", "courses", "a course", _COURSE)
class Courses(Listed, Shown):
    """The courses that you are in or may join."""

    scopes = (Scope.COURSES_READ, Scope.WORK_WRITE)
    serializer_class = CourseSerializer
    lookup_field = "slug"
    orderings = {"title": "title", "slug": "slug"}

    def get_queryset(self) -> QuerySet[Course]:
        """Return them, each with one's role."""
        own = Enrolment.objects.filter(user=self.person.pk, course=OuterRef("pk"))
        return visible_courses(self.person).annotate(role=Subquery(own.values("role")[:1]))

    @extend_schema(
        operation_id="courses_graph",
        responses=GraphSerializer,
        examples=[
            example(
                "Two concepts",
                {
                    "nodes": [_BEFORE, _CONCEPT],
                    "edges": [{"before": "sparse-attention", "after": "local-window"}],
                },
            )
        ],
    )
    @action(detail=True, pagination_class=None, filter_backends=[])
    def graph(self, _request: Request, **_place: Any) -> Response:
        """Show what is learned before what: the course's concepts as a graph without cycles."""
        nodes = list(self.get_object().concepts.prefetch_related("learn_before"))
        there = {node.pk for node in nodes}
        edges = [
            {"before": before.slug, "after": node.slug}
            for node in nodes
            for before in node.learn_before.all()
            if before.pk in there
        ]
        return Response(GraphSerializer({"nodes": nodes, "edges": edges}).data)

    @extend_schema(
        operation_id="courses_join",
        request=None,
        responses=CourseSerializer,
        examples=[example("You are in it now", _COURSE)],
    )
    @action(detail=True, methods=["post"])
    def join(self, _request: Request, **_place: Any) -> Response:
        """Join an open course; again, and nothing changes."""
        join(self.person, self.get_object())
        return Response(self.get_serializer(self.get_object()).data)


@readable(
    "concepts",
    "concepts, without their texts",
    "a concept with its text, in Markdown",
    _CONCEPT,
    whole=_WHOLE,
)
class Concepts(Listed, Shown):
    """The concepts of the courses that you see."""

    scopes = (Scope.COURSES_READ, None)
    lookup_field = "slug"
    filterset_class = ConceptFilters
    orderings = {"position": "position", "slug": "slug", "title": "title"}

    def get_queryset(self) -> QuerySet[Concept]:
        """Return them with what is learned before and after."""
        return visible_concepts(self.person).prefetch_related("learn_before", "learn_after")

    def get_serializer_class(self) -> type[ConceptSerializer]:
        """Return how much of a concept is told."""
        return WholeConceptSerializer if self.action == "retrieve" else ConceptSerializer


@readable("questions", "questions", "a question", _QUESTION)
class Questions(Listed, Shown):
    """The questions of the courses that you are in, as far as they are published.

    What a question says is drawn for each attempt; see attempts.
    """

    scopes = (Scope.COURSES_READ, None)
    serializer_class = QuestionSerializer
    lookup_field = "slug"
    filterset_class = QuestionFilters
    orderings = {"slug": "slug", "title": "title", "difficulty": "difficulty"}

    def get_queryset(self) -> QuerySet[Question]:
        """Return them, each with its concepts and tags."""
        return with_subjects(visible_questions(self.person))

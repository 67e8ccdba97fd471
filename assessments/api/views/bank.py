"""Questions as authors see them: where each stands, what was done with it, and its begin."""

from typing import Any

import django_filters as filters
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.access import questions_worked_on
from assessments.api.filters import QuestionFilters
from assessments.api.refusals import refusals, require
from assessments.api.repeats import once
from assessments.api.resources import Listed, Shown
from assessments.api.schema import example, readable
from assessments.api.serializers.bank import (
    BankQuestionSerializer,
    NewQuestionSerializer,
    VerbSerializer,
)
from assessments.api.serializers.subjects import with_subjects
from assessments.models import Course, Scope
from assessments.services.authoring import roll_back
from assessments.services.question_states import STATES, standing, with_states
from question_bank import authoring
from question_bank.authoring import AuthoringError
from question_bank.contents import check_content
from question_bank.models import Question

QUESTION = {
    "slug": "which-cut",
    "kind": "choice",
    "title": "Which cut saves time",
    "bloom": "understand",
    "difficulty": 2,
    "folder": "patterns",
    "concepts": ["sliding-window"],
    "tags": [],
    "courses": ["sparse-attention"],
    "live": 2,
    "has_been_live": True,
    "has_draft": True,
    "handed_in": 3,
    "is_approved": False,
}
CONTENT = {
    "kind": "choice",
    "title": "Which cut saves time",
    "concepts": ["sliding-window"],
    "bloom": "understand",
    "difficulty": 2,
    "source": "",
    "explanation": "What is skipped costs nothing.",
    "stem": "Which of these saves time?",
    "choices": [
        {"text": "Skipping pairs", "correct": True, "feedback": "Right."},
        {"text": "Hiding pairs", "correct": False, "feedback": "They are computed first."},
    ],
}
SEEN = {"version": 3, "note": "Read and tried."}


class BankFilters(QuestionFilters):
    """Questions of the bank, also by where they stand."""

    state = filters.ChoiceFilter(choices=list(STATES.items()), method="standing")
    folder = filters.CharFilter("folder")

    def standing(self, rows: QuerySet[Question], _name: str, value: str) -> QuerySet[Question]:
        """Return those in a state."""
        return standing(rows, value)


@readable("bank_questions", "the bank's questions", "a question of the bank", QUESTION)
class BankQuestions(Listed, Shown):
    """The questions of the bank, for whoever works on them: authors, reviewers, editors."""

    scopes = (Scope.AUTHORING_READ, Scope.AUTHORING_WRITE)
    serializer_class = BankQuestionSerializer
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    filterset_class = BankFilters
    orderings = {"slug": "slug", "title": "title", "difficulty": "difficulty"}
    repeatable = {"create", "withdraw", "roll_back"}

    def get_queryset(self) -> QuerySet[Question]:
        """Return them with where they stand."""
        found = with_states(questions_worked_on(self.person)).distinct()
        courses = Prefetch("courses", Course.objects.only("slug"), to_attr="courses_read")
        return with_subjects(found).prefetch_related(courses)

    @extend_schema(
        operation_id="bank_questions_create",
        request=NewQuestionSerializer,
        responses={201: BankQuestionSerializer},
        examples=[
            example("A question", {"slug": "which-cut", "content": CONTENT}, of_request=True),
            example("It has a draft now", QUESTION | {"live": None, "handed_in": None}),
        ],
    )
    def create(self, request: Request) -> Response:
        """Begin a question with a draft, which its kind has to take as it is."""
        if not questions_worked_on(self.person).exists():
            raise NotFound
        require(self.person, "write")
        asked = self.read(NewQuestionSerializer)
        slug, content = asked["slug"], asked["content"]

        def work() -> Response:
            with refusals("content"):
                check_content(content)
            with refusals("slug"):
                authoring.new_question(slug, content, self.person.pk)
            where = {"Location": f"{request.path}{slug}/"}
            return Response(self._told(slug), status=201, headers=where)

        return once(request, work)

    @extend_schema(
        operation_id="bank_questions_withdraw",
        request=VerbSerializer,
        responses=BankQuestionSerializer,
        examples=[
            example("What is live", SEEN, of_request=True),
            example("It is live no more", QUESTION | {"live": None}),
        ],
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **_place: Any) -> Response:
        """Let no attempt begin any more; ``version`` is the live one that you have seen."""

        def work(question: Question, seen: int, note: str) -> None:
            if question.live is not None and question.live.number != seen:
                raise AuthoringError("Another version went live meanwhile; look at it.")
            authoring.withdraw(question, self.person.pk, note=note)

        return self._decided(request, work)

    @extend_schema(
        operation_id="bank_questions_roll_back",
        request=VerbSerializer,
        responses=BankQuestionSerializer,
        examples=[
            example("A version that has been live", SEEN | {"version": 1}, of_request=True),
            example("It is live again", QUESTION | {"live": 1}),
        ],
    )
    @action(detail=True, methods=["post"], url_path="roll-back")
    def roll_back(self, request: Request, **_place: Any) -> Response:
        """Let attempts begin with a version that has been live before."""

        def work(question: Question, seen: int, note: str) -> None:
            version = question.versions.select_related("question").filter(number=seen).first()
            if version is None:
                raise AuthoringError("There is no such version.")
            roll_back(question, version, self.person, note=note)

        return self._decided(request, work)

    def _decided(self, request: Request, decide: Any) -> Response:
        """Do what the version and the note of a body ask for, once."""
        slug = self.get_object().slug
        require(self.person, "publish")
        asked = self.read(VerbSerializer)

        def work() -> Response:
            with refusals("version"), transaction.atomic():
                locked = Question.objects.select_for_update(of=("self",)).select_related("live")
                decide(locked.get(slug=slug), asked["version"], asked["note"].strip())
            return Response(self._told(slug))

        return once(request, work)

    def _told(self, slug: str) -> Any:
        return self.get_serializer(self.get_queryset().get(slug=slug)).data

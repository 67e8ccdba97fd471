"""Attempts at questions: begun, answered, and what is said of the answers."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response as Answer

from assessments.access import visible_attempts, visible_questions
from assessments.api.filters import AttemptFilters
from assessments.api.problems import Problem
from assessments.api.repeats import once
from assessments.api.resources import Listed, Shown
from assessments.api.schema import example, readable
from assessments.api.serializers.attempts import (
    AttemptSerializer,
    ChangedAttemptSerializer,
    NewAttemptSerializer,
    WholeAttemptSerializer,
)
from assessments.api.views.answering import RESPONSE, Answered, check_takes
from assessments.models import Attempt, Scope
from assessments.services import attempt_for, flag, standing_marks, start_again
from assessments.services.said import told_of

_ATTEMPT = {
    "id": 12,
    "learner": "ada",
    "question": "which-cut",
    "kind": "choice",
    "purpose": "practice",
    "number": 1,
    "version": 2,
    "seed": 17,
    "started_at": "2026-11-26T09:00:00Z",
    "sitting": None,
    "place": None,
    "points": None,
    "is_flagged": False,
}
ASKED = {
    "kind": "choice",
    "stem": "Which pattern is linear in the length of the text?",
    "answer_fields": [
        {"name": "choice", "values": ["0", "1"], "takes": "the place of the choice, from 0"}
    ],
    "choices": ["Causal attention", "A sliding window"],
    "premises": [],
    "options": [],
    "items": [],
    "unit": "",
    "marked": "",
    "writing": None,
    "design": None,
    "title": "Which cut",
    "parts": [],
    "code": None,
}
_WHOLE = _ATTEMPT | {
    "asked": ASKED,
    "answer": {"choice": "1"},
    "response": RESPONSE,
    "explanation": "A window of fixed width has as many pairs as there are queries, times it.",
}


@readable(
    "attempts",
    "attempts: your own, and those of the learners whom you teach or assist",
    "an attempt with what it asks; before it is shown, nothing of the answer is in it",
    _ATTEMPT,
    whole=_WHOLE,
)
class Attempts(Listed, Shown, Answered):
    """Attempts at questions, to practise and in sittings."""

    scopes = (Scope.WORK_READ, Scope.WORK_WRITE)
    filterset_class = AttemptFilters
    orderings = {"id": "pk", "started_at": "started_at"}
    repeatable = {"create", "respond"}
    guarded = {"save_answer"}

    def get_queryset(self) -> QuerySet[Attempt]:
        """Return those that the person sees."""
        related = visible_attempts(self.person).select_related(
            "question", "learner", "version", "sitting__assessment"
        )
        return self.not_closed(related.defer("version__content"))

    def get_serializer_class(self) -> type[AttemptSerializer]:
        """Return how much of an attempt is told."""
        return AttemptSerializer if self.action == "list" else WholeAttemptSerializer

    def told(self, attempt: Attempt, status: int = 200) -> Answer:
        """Return the answer that shows an attempt."""
        return Answer(self.sparse(self._whole(attempt)), status=status)

    def _whole(self, attempt: Attempt) -> Any:
        told = told_of(attempt, self.person)
        if told.latest is not None:
            told.latest.attempt = attempt
            self.rubric_marks.update(standing_marks([told.latest]))
        context = {**self.get_serializer_context(), "told": told}
        return WholeAttemptSerializer(attempt, context=context).data

    def retrieve(self, _request: Request, **_place: Any) -> Answer:
        """Return one attempt."""
        return self.told(self.get_object())

    @extend_schema(
        operation_id="attempts_create",
        request=NewAttemptSerializer,
        responses={200: WholeAttemptSerializer, 201: WholeAttemptSerializer},
        examples=[
            example("What is asked for", {"question": "which-cut"}, of_request=True),
            example("The attempt, without an answer yet", _WHOLE),
        ],
    )
    def create(self, request: Request) -> Answer:
        """Begin to practise a question, or go on with it (200)."""
        asked = self.read(NewAttemptSerializer)
        question = get_object_or_404(visible_questions(self.person), slug=asked["question"])
        self.check_open(question)

        def work() -> Answer:
            there = Attempt.objects.practice().filter(learner=self.person, question=question)
            before = set(there.values_list("pk", flat=True))
            begin = start_again if asked["again"] else attempt_for
            attempt = begin(self.person, question)
            answer = self.told(attempt, 200 if attempt.pk in before else 201)
            answer["Location"] = f"{request.path}{attempt.pk}/"
            return answer

        return once(request, work)

    @extend_schema(
        operation_id="attempts_flag",
        request=ChangedAttemptSerializer,
        responses=WholeAttemptSerializer,
        examples=[
            example("What is asked for", {"is_flagged": True}, of_request=True),
            example("The attempt as it is now", _WHOLE | {"is_flagged": True}),
        ],
    )
    def partial_update(self, _request: Request, **_place: Any) -> Answer:
        """Mark a question of a sitting to come back to, or take the mark away."""
        attempt = self.own()
        asked = self.read(ChangedAttemptSerializer)
        if attempt.sitting is None or attempt.place is None:
            told = _("Only the questions of a sitting are flagged.")
            raise Problem(409, "not-in-a-sitting", told)
        check_takes(attempt.sitting)
        flag(attempt.sitting, attempt.place, flagged=asked["is_flagged"])
        attempt.refresh_from_db(fields=["is_flagged"])
        return self.told(attempt)

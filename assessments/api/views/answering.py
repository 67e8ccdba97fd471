"""How an attempt is answered: saved while it is typed, and marked at once where that is done."""

from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response as Answer

from assessments.api.problems import Problem
from assessments.api.repeats import once
from assessments.api.resources import etag_of
from assessments.api.schema import example
from assessments.api.serializers.attempts import (
    AnswerSerializer,
    ResponseSerializer,
    unknown_fields,
)
from assessments.api.views.work import Work
from assessments.models import Attempt, Response, RubricMark, Sitting, credited
from assessments.services import (
    NotAnsweredHereError,
    SittingOverError,
    check,
    record_response,
    standing_marks,
)
from assessments.services.handing_in import settled
from assessments.services.journal import Form, lock_answer, save_form, saved_answer
from assessments.timing import instant_feedback, still_takes
from question_bank.kinds import UnreadableAnswerError
from question_bank.models import Question
from question_bank.variants import names_of, variant_of

RESPONSE = {
    "id": 31,
    "attempt": 12,
    "question": "which-cut",
    "learner": "ada",
    "number": 1,
    "created_at": "2026-11-26T09:02:00Z",
    "answer": {"choice": "1"},
    "mark": {
        "earned": "1.0000",
        "waiting": "0.0000",
        "given": "A sliding window",
        "feedback": "Right: each query keeps its nearest keys.",
        "rubric": None,
    },
}
_ANSWER = {"answer": {"choice": "1"}}


class Answered(Work):
    """What is done with an attempt by its learner."""

    @cached_property
    def rubric_marks(self) -> dict[int, RubricMark]:
        """The marks of the attempt's answers that persons gave, by the answer's key."""
        return {}

    @extend_schema(
        operation_id="attempts_answer",
        responses=AnswerSerializer,
        examples=[example("What is saved", _ANSWER)],
    )
    @action(detail=True, url_path="answer", pagination_class=None, filter_backends=[])
    def answer(self, _request: Request, **_place: Any) -> Answer:
        """Show what is saved of your answer; its ETag is what saving asks for."""
        return Answer(_saved(self.own()))

    @extend_schema(
        operation_id="attempts_save",
        request=AnswerSerializer,
        responses=AnswerSerializer,
        examples=[
            example("What is asked for", _ANSWER, of_request=True),
            example("What is saved now", _ANSWER),
        ],
    )
    @answer.mapping.put
    def save_answer(self, _request: Request, **_place: Any) -> Answer:
        """Save your answer as it stands; of a sitting that is what counts when it is handed in.

        After the end it is kept, counts nowhere, and is answered 409.
        """
        attempt = self.own()
        answer = self._read_answer(attempt)
        with transaction.atomic():
            lock_answer(attempt)
            self.check_unchanged(_saved(attempt))
            save_form(attempt, Form(answer))
        if attempt.sitting is not None:
            check_takes(attempt.sitting)
        told = _saved(attempt)
        response = Answer(told)
        response["ETag"] = etag_of(told)
        return response

    @extend_schema(
        operation_id="attempts_respond",
        request=AnswerSerializer,
        responses={200: ResponseSerializer, 201: ResponseSerializer},
        examples=[
            example("What is asked for", _ANSWER, of_request=True),
            example("How it was marked", RESPONSE),
        ],
    )
    @action(detail=True, methods=["post"], url_path="responses")
    def respond(self, request: Request, **_place: Any) -> Answer:
        """Have an answer marked at once, where feedback is given at once; else save it.

        Within a sitting the same answer again is not marked again (200).
        """
        attempt = self.own()
        answer = self._read_answer(attempt)

        def work() -> Answer:
            before = attempt.responses.count()
            self._respond(attempt, answer)
            rows = credited(Response.objects.filter(attempt=attempt)).order_by("-number")
            latest = rows.first()
            assert latest is not None
            latest.attempt = attempt
            self.rubric_marks.update(standing_marks([latest]))
            told = ResponseSerializer(latest, context=self.get_serializer_context()).data
            return Answer(told, status=201 if latest.number > before else 200)

        return once(request, work)

    def _respond(self, attempt: Attempt, answer: dict[str, str]) -> None:
        if attempt.question.kind == Question.Kind.CODE:
            raise NotAnsweredHereError(_("Code is submitted: POST it to submissions."))
        if attempt.sitting is None:
            save_form(attempt, Form(answer))
            record_response(attempt, answer)
            return
        if not instant_feedback(attempt.sitting.assessment):
            told = _("Answers are marked when you hand in: PUT this one to answer to save it.")
            raise Problem(409, "marked-later", told)
        check_takes(attempt.sitting)
        save_form(attempt, Form(answer))
        faults = check(attempt.sitting, {attempt: answer})
        if faults:
            raise UnreadableAnswerError(faults[attempt.pk])

    def _read_answer(self, attempt: Attempt) -> dict[str, str]:
        answer: dict[str, str] = self.read(AnswerSerializer)["answer"]
        names = names_of(variant_of(attempt.version, attempt.seed))
        if unknown := unknown_fields(answer, names):
            told = _("There is no such field; there are: %(names)s.") % {"names": ", ".join(names)}
            raise ValidationError({"answer": {name: [told] for name in unknown}})
        return answer


def _saved(attempt: Attempt) -> dict[str, Any]:
    return {"answer": dict(sorted(saved_answer(attempt).items()))}


def check_takes(sitting: Sitting) -> None:
    """Make sure that a sitting takes answers. Raises ``SittingOverError``."""
    now = timezone.now()
    if not still_takes(settled(sitting, now), now):
        raise SittingOverError(_("The time is over: what was saved before counts."))

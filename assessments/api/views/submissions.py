"""Submissions of code: sent in, and their verdicts."""

import base64
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response as Answer

from assessments.access import visible_questions, visible_submissions
from assessments.api.filters import SubmissionFilters
from assessments.api.repeats import once
from assessments.api.resources import Listed, Shown
from assessments.api.schema import example, readable
from assessments.api.serializers.submissions import (
    NewSubmissionSerializer,
    SourceSerializer,
    SubmissionSerializer,
    WholeSubmissionSerializer,
)
from assessments.api.views.work import Work
from assessments.models import Attempt, Grading, Scope, Submission
from assessments.services import SubmittedBeforeError, attempt_for, submit_code
from question_bank.models import Question

_SUBMISSION = {
    "id": 40,
    "attempt": 13,
    "question": "sliding-window",
    "learner": "ada",
    "number": 2,
    "submitted_at": "2026-11-26T09:05:00Z",
    "state": "done",
    "passed": False,
    "held": False,
    "released": True,
}
_WHOLE = _SUBMISSION | {
    "stage": None,
    "stage_done": None,
    "stage_total": None,
    "place": None,
    "verdict": {
        "exercise": "sliding-window",
        "passed": False,
        "failure": "wrong_pairs",
        "message": "Each query attends to one key too many.",
        "checks": [
            {"name": "correctness", "passed": False, "error": 0.41, "tolerance": 4.4e-06},
            {
                "name": "kv_pairs",
                "passed": False,
                "attended": 230272,
                "expected": 229504,
                "extra": 768,
                "missing": 0,
            },
        ],
        "device": "cpu",
        "seconds": 4.2,
        "evidence": {"traceback": "", "printed": ""},
    },
}
_WAITING = _WHOLE | {
    "state": "queued",
    "passed": None,
    "place": {"position": 2, "seconds": 6.0},
    "verdict": None,
}
_SENT = {"question": "sliding-window", "source": "def attention(q, k, v, window):\n    ...\n"}


@readable(
    "submissions",
    "submissions: your own, and those of the learners whom you teach or assist",
    "a submission, and its verdict once there is one: ask again with its ETag until it is done",
    _SUBMISSION,
    whole=_WHOLE,
)
class Submissions(Listed, Shown, Work):
    """Files of code that a grading machine judges."""

    scopes = (Scope.WORK_READ, Scope.WORK_WRITE)
    filterset_class = SubmissionFilters
    orderings = {"id": "pk", "submitted_at": "submitted_at"}
    repeatable = {"create"}
    to_attempt = "attempt__"

    def get_queryset(self) -> QuerySet[Submission]:
        """Return those that the person sees; sources and, in lists, verdicts stay unread."""
        gradings = Grading.objects.filter(counts=True)
        if self.action == "list":
            gradings = gradings.defer("verdict")
        related = visible_submissions(self.person).select_related(
            "attempt__question", "attempt__learner", "attempt__sitting__assessment"
        )
        if self.action != "source":
            related = related.defer("source")
        return self.not_closed(related.prefetch_related(Prefetch("gradings", gradings)))

    def get_serializer_class(self) -> type[SubmissionSerializer]:
        """Return how much of a submission is told."""
        return SubmissionSerializer if self.action == "list" else WholeSubmissionSerializer

    @extend_schema(
        operation_id="submissions_create",
        request=NewSubmissionSerializer,
        responses={200: WholeSubmissionSerializer, 201: WholeSubmissionSerializer},
        examples=[
            example("What is sent", _SENT, of_request=True),
            example("It waits for its turn", _WAITING),
        ],
    )
    def create(self, request: Request) -> Answer:
        """Submit a file of code.

        The same code again is not judged anew: its first submission is answered (200).
        """
        sent = self.read(NewSubmissionSerializer)
        raw = sent["source_base64"] if "source_base64" in sent else sent["source"].encode()

        def work() -> Answer:
            try:
                submission, status = submit_code(self.person, self._attempt(sent), raw), 201
            except SubmittedBeforeError as before:
                submission, status = before.submission, 200
            whole = self.get_queryset().get(pk=submission.pk)
            where = {"Location": f"{request.path}{submission.pk}/"}
            return Answer(self.get_serializer(whole).data, status=status, headers=where)

        return once(request, work)

    def _attempt(self, sent: dict[str, Any]) -> Attempt:
        """Return the attempt that is meant. Raises ``Http404`` and ``ValidationError``."""
        if "attempt" in sent:
            mine = Attempt.objects.filter(learner=self.person).exclude(
                purpose=Attempt.Purpose.TRIAL
            )
            attempt = get_object_or_404(
                mine.select_related("question", "version"), pk=sent["attempt"]
            )
            question, field = attempt.question, "attempt"
        else:
            question = get_object_or_404(visible_questions(self.person), slug=sent["question"])
            attempt, field = None, "question"
        if question.kind != Question.Kind.CODE:
            raise ValidationError({field: [_("This question is not answered by code.")]})
        if attempt is None or attempt.sitting_id is None:
            self.check_open(question)
        return attempt or attempt_for(self.person, question)

    @extend_schema(
        operation_id="submissions_source",
        responses=SourceSerializer,
        examples=[
            example("A file", {"source": "x = 1\n", "source_base64": "eCA9IDEK"}),
        ],
    )
    @action(detail=True, pagination_class=None, filter_backends=[])
    def source(self, _request: Request, **_place: Any) -> Answer:
        """Show the file as it came."""
        submission = self.get_object()
        packed = base64.b64encode(bytes(submission.source)).decode("ascii")
        return Answer({"source": submission.text, "source_base64": packed})

"""Sittings: begun, looked at, and handed in."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.access import teaches, visible_assessments, visible_sittings
from assessments.api.filters import SittingFilters
from assessments.api.problems import Problem
from assessments.api.repeats import once
from assessments.api.resources import Listed, Shown
from assessments.api.schema import example, readable
from assessments.api.serializers.sittings import (
    AgainSerializer,
    NewSittingSerializer,
    SittingSerializer,
    WholeSittingSerializer,
)
from assessments.models import Assessment, Attempt, Scope, Sitting
from assessments.services import TooFewQuestionsError, ask_again, begin, hand_in
from assessments.services.handing_in import settled
from assessments.services.papers import paper_of

_SITTING = {
    "id": 21,
    "assessment": 3,
    "course": "sparse-attention",
    "learner": "ada",
    "number": 1,
    "started_at": "2026-11-26T09:10:00Z",
    "due_at": "2026-11-26T10:10:00Z",
    "grace_until": "2026-11-26T10:11:00Z",
    "handed_in_at": None,
    "by_clock": False,
    "is_test": False,
    "is_going_on": True,
}
_WHOLE = _SITTING | {
    "released": False,
    "score": None,
    "questions": [
        {
            "place": 0,
            "attempt": 55,
            "question": "which-cut",
            "kind": "choice",
            "title": "Which cut",
            "points": "1.00",
            "is_answered": True,
            "is_flagged": False,
            "score": None,
        }
    ],
}
_POINTS = {"least": "1.00", "most": "1.00", "of": "1.00", "decided": True}
_OVER = _WHOLE | {
    "handed_in_at": "2026-11-26T09:40:00Z",
    "is_going_on": False,
    "released": True,
    "score": _POINTS,
    "questions": [_WHOLE["questions"][0] | {"score": _POINTS}],  # type: ignore[index]
}


@readable(
    "sittings",
    "sittings: your own, and those of the learners whose work you mark",
    "a sitting with its questions and, once they are released, its marks",
    _SITTING,
    whole=_OVER,
)
class Sittings(Listed, Shown):
    """Sittings of assessments; each question of one is an attempt."""

    scopes = (Scope.WORK_READ, Scope.WORK_WRITE)
    filterset_class = SittingFilters
    orderings = {"id": "pk", "started_at": "started_at"}
    repeatable = {"create", "again"}

    def get_queryset(self) -> QuerySet[Sitting]:
        """Return those that the person sees."""
        return visible_sittings(self.person).select_related("assessment__course", "learner")

    def get_serializer_class(self) -> type[SittingSerializer]:
        """Return how much of a sitting is told."""
        return SittingSerializer if self.action == "list" else WholeSittingSerializer

    def told(self, sitting: Sitting) -> Any:
        """Return all that is told of a sitting."""
        context = {**self.get_serializer_context(), "told": paper_of(sitting, self.person)}
        return WholeSittingSerializer(sitting, context=context).data

    def retrieve(self, _request: Request, **_place: Any) -> Response:
        """Return a sitting; one's own is handed in first where its time is over."""
        return Response(self.sparse(self.told(self._settled(self.get_object()))))

    def _settled(self, sitting: Sitting) -> Sitting:
        if sitting.learner_id != self.person.pk or settled(sitting) is sitting:
            return sitting
        again: Sitting = self.get_object()
        return again

    @extend_schema(
        operation_id="sittings_create",
        request=NewSittingSerializer,
        responses={200: WholeSittingSerializer, 201: WholeSittingSerializer},
        examples=[
            example("What is asked for", {"assessment": 3}, of_request=True),
            example("The sitting: its clock runs", _WHOLE),
        ],
    )
    def create(self, request: Request) -> Response:
        """Begin to sit an assessment, or go on with the sitting that is open (200)."""
        asked = self.read(NewSittingSerializer)
        found = visible_assessments(self.person).select_related("course")
        assessment = get_object_or_404(found, pk=asked["assessment"])
        if asked["test"] and not teaches(self.person, assessment.course):
            raise Problem(403, "not-allowed", _("Only those who teach it try it out."))

        def work() -> Response:
            before = set(
                assessment.sittings.filter(learner=self.person).values_list("pk", flat=True)
            )
            begun = self._begin(assessment, test=asked["test"])
            sitting = self.get_queryset().get(pk=begun.pk)
            return Response(
                self.told(sitting),
                status=200 if sitting.pk in before else 201,
                headers={"Location": f"{request.path}{sitting.pk}/"},
            )

        return once(request, work)

    def _begin(self, assessment: Assessment, *, test: bool) -> Sitting:
        try:
            return begin(self.person, assessment, test=test)
        except TooFewQuestionsError as fault:
            # Which place of it lacks what is for those who can mend it.
            if teaches(self.person, assessment.course):
                raise
            told = _("This assessment is not ready to be sat; tell whoever teaches the course.")
            raise Problem(409, "not-ready", told) from fault

    @extend_schema(
        operation_id="sittings_hand_in",
        request=None,
        responses=WholeSittingSerializer,
        examples=[example("The sitting, handed in", _OVER)],
    )
    @action(detail=True, methods=["post"], url_path="hand-in")
    def hand_in(self, _request: Request, **_place: Any) -> Response:
        """Hand your sitting in: what is saved is what counts. Again, and nothing changes."""
        hand_in(self._own())
        return Response(self.told(self.get_object()))

    @extend_schema(
        operation_id="sittings_ask_again",
        request=AgainSerializer,
        responses=WholeSittingSerializer,
        examples=[
            example("What is asked for", {"place": 0}, of_request=True),
            example("The sitting, with another attempt at that place", _WHOLE),
        ],
    )
    @action(detail=True, methods=["post"])
    def again(self, request: Request, **_place: Any) -> Response:
        """Have a question of a practice asked again, with other values.

        What was answered stays as practice; the sitting counts the new attempt.
        """
        asked = self.read(AgainSerializer)
        sitting = self._own()
        if sitting.assessment.kind != Assessment.Kind.PRACTICE:
            raise Problem(409, "asked-once", _("Only a practice asks a question again."))

        def work() -> Response:
            try:
                ask_again(sitting, asked["place"])
            except Attempt.DoesNotExist as fault:
                told = _("No question at this place can be asked again.")
                raise ValidationError({"place": [told]}) from fault
            return Response(self.told(self.get_object()))

        return once(request, work)

    def _own(self) -> Sitting:
        """Return the sitting, if it is one's own; else there is none to change."""
        sitting: Sitting = self.get_object()
        if sitting.learner_id != self.person.pk:
            raise Problem(403, "not-yours", _("Only its learner does that."))
        return sitting

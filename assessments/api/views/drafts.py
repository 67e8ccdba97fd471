"""Drafts: written by revisions that are seen first, tested, handed in, approved, published."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.access import Right
from assessments.api.refusals import refusals, require
from assessments.api.repeats import once
from assessments.api.resources import etag_of
from assessments.api.schema import example
from assessments.api.serializers.bank import (
    ContentSerializer,
    DraftSerializer,
    TestedSerializer,
    VerbSerializer,
    VersionSerializer,
)
from assessments.api.views.bank import CONTENT, SEEN
from assessments.api.views.versions import SLUG, VERSION, OfQuestion
from assessments.services.authoring import publish
from question_bank import authoring
from question_bank.authoring import AuthoringError
from question_bank.contents import check_content, schema_faults
from question_bank.models import Draft, QuestionVersion

_DRAFT = {
    "revision": 4,
    "based_on": 2,
    "handed_in": None,
    "saved_by": "ada",
    "saved_at": "2026-11-26T09:30:00Z",
    "content": CONTENT,
}
_HANDED_IN = _DRAFT | {"handed_in": 3}


class Drafts(OfQuestion):
    """What a question is to say next: one draft a question, seen by no learner."""

    serializer_class = DraftSerializer
    pagination_class = None
    guarded = {"update", "destroy", "propose"}
    repeatable = {"create", "propose", "approve", "send_back", "publish"}

    @extend_schema(
        operation_id="bank_drafts_retrieve",
        parameters=[SLUG],
        examples=[example("A draft", _DRAFT)],
    )
    def retrieve(self, _request: Request, **_place: Any) -> Response:
        """Show the draft; its ETag goes with the next change."""
        return Response(self.sparse(self._data(self._draft())))

    @extend_schema(
        operation_id="bank_drafts_create",
        parameters=[SLUG],
        request=None,
        responses={201: DraftSerializer},
        examples=[example("A draft", _DRAFT)],
    )
    def create(self, request: Request, **_place: Any) -> Response:
        """Begin a draft with what is live; one that is there is answered as it is."""
        require(self.person, "write")

        def work() -> Response:
            authoring.draft_of(self.question(), self.person.pk)
            return self._answered(status=201)

        return once(request, work)

    @extend_schema(
        operation_id="bank_drafts_update",
        parameters=[SLUG],
        request=ContentSerializer,
        examples=[
            example("What it is to say", {"content": CONTENT}, of_request=True),
            example("The draft", _DRAFT),
        ],
    )
    def update(self, _request: Request, **_place: Any) -> Response:
        """Write a draft anew; what the kind's schema refuses is told field by field, and kept out.

        What has been handed in is so no more.
        """
        require(self.person, "write")
        content = self.read(ContentSerializer)["content"]
        with refusals("content"), transaction.atomic():
            draft = self._seen_draft()
            check_content(content)
            authoring.save_draft(draft, content, self.person.pk, revision=draft.revision)
        return self._answered()

    @extend_schema(
        operation_id="bank_drafts_discard", parameters=[SLUG], request=None, responses={204: None}
    )
    def destroy(self, _request: Request, **_place: Any) -> Response:
        """Drop the draft; a question that has no version yet goes with it."""
        require(self.person, "write")
        with refusals(), transaction.atomic():
            authoring.discard_draft(self._seen_draft(), self.person.pk)
        return Response(status=204)

    @extend_schema(
        operation_id="bank_drafts_test",
        parameters=[SLUG],
        request=None,
        responses=TestedSerializer,
        examples=[
            example(
                "A sample is marked otherwise",
                {
                    "passed": False,
                    "faults": [
                        {"field": "", "reason": "test 1, variant 0: '2' earns 0.0000, not 1"}
                    ],
                },
            )
        ],
    )
    def test(self, _request: Request, **_place: Any) -> Response:
        """Run the tests of the draft on every variant; nothing is changed."""
        content = self._draft().content
        faults = [{"field": one.key, "reason": one.reason} for one in schema_faults(content)]
        if not faults:
            reasons = authoring.problems_of(content)
            faults = [{"field": "", "reason": reason} for reason in reasons]
        return Response(TestedSerializer({"passed": not faults, "faults": faults}).data)

    @extend_schema(
        operation_id="bank_drafts_propose",
        parameters=[SLUG],
        request=None,
        examples=[example("Handed in as version 3", _HANDED_IN)],
    )
    def propose(self, request: Request, **_place: Any) -> Response:
        """Hand the draft in: a version is made of it, which others approve and publish."""
        require(self.person, "write")

        def work() -> Response:
            with refusals("content"), transaction.atomic():
                draft = self._seen_draft()
                authoring.propose(draft, self.person.pk, revision=draft.revision)
            return self._answered()

        return once(request, work)

    @extend_schema(
        operation_id="bank_drafts_approve",
        parameters=[SLUG],
        request=VerbSerializer,
        examples=[example("What is handed in", SEEN, of_request=True), example("It", _HANDED_IN)],
    )
    def approve(self, request: Request, **_place: Any) -> Response:
        """Approve what somebody else has handed in."""

        def act(draft: Draft, note: str) -> None:
            authoring.approve(draft, self.person.pk, note=note)

        return self._decided(request, "approve", act)

    @extend_schema(
        operation_id="bank_drafts_send_back",
        parameters=[SLUG],
        request=VerbSerializer,
        examples=[example("What is handed in", SEEN, of_request=True), example("It", _DRAFT)],
    )
    def send_back(self, request: Request, **_place: Any) -> Response:
        """Ask for changes; the note says which."""

        def act(draft: Draft, note: str) -> None:
            authoring.send_back(draft, self.person.pk, note=note)

        return self._decided(request, "approve", act)

    @extend_schema(
        operation_id="bank_drafts_publish",
        parameters=[SLUG],
        request=VerbSerializer,
        responses=VersionSerializer,
        examples=[
            example("What is handed in", SEEN, of_request=True),
            example("It is live", VERSION | {"is_live": True}),
        ],
    )
    def publish(self, request: Request, **_place: Any) -> Response:
        """Let attempts begin with what is handed in; the draft has served its purpose."""

        def act(draft: Draft, _note: str) -> QuestionVersion:
            return publish(draft, self.person)

        return self._decided(request, "publish", act)

    def _decided(
        self,
        request: Request,
        right: Right,
        act: Callable[[Draft, str], QuestionVersion | None],
    ) -> Response:
        """Do what is asked of what is handed in, once; a version that comes of it is told."""
        require(self.person, right)
        asked = self.read(VerbSerializer)

        def work() -> Response:
            with refusals("version"), transaction.atomic():
                draft = self._draft(lock=True)
                if draft.proposed is None or draft.proposed.number != asked["version"]:
                    raise AuthoringError("Something else is handed in; look at it.")
                made = act(draft, asked["note"].strip())
            return self._answered() if made is None else Response(VersionSerializer(made).data)

        return once(request, work)

    def _draft(self, *, lock: bool = False) -> Draft:
        drafts = Draft.objects.select_related("question", "based_on", "proposed", "saved_by")
        if lock:
            drafts = drafts.select_for_update(of=("self",))
        return get_object_or_404(drafts, question=self.question())

    def _seen_draft(self) -> Draft:
        """Return the draft, locked, if whoever asks has seen it as it is. Raises ``Problem``."""
        draft = self._draft(lock=True)
        self.check_unchanged(self._data(draft))
        return draft

    def _data(self, draft: Draft) -> Any:
        return self.get_serializer(draft).data

    def _answered(self, status: int = 200) -> Response:
        data = self._data(self._draft())
        return Response(data, status=status, headers={"ETag": etag_of(data)})

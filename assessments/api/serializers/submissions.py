"""Submissions of code and their verdicts."""

import base64
import binascii
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments.api.parsing import StrictSerializer
from assessments.api.serializers.courses import Slugs
from assessments.models import Grading, Submission
from assessments.services import place_of
from grader.contract import Failure

_MOST_CHARACTERS = 200_000
_OURS = {"version", "held"}
"""Of a verdict, what is between the grading machine and us."""


class VerdictSerializer(serializers.Serializer[dict[str, Any]]):
    """What came of a submission; ``checks`` and ``evidence`` are as the exercise declares them."""

    exercise = serializers.CharField()
    passed = serializers.BooleanField()
    failure = serializers.ChoiceField([one.value for one in Failure], allow_null=True)
    message = serializers.CharField()
    checks = serializers.ListField(child=serializers.DictField())
    device = serializers.CharField()
    seconds = serializers.FloatField()
    evidence = serializers.DictField()


class PlaceSerializer(serializers.Serializer[dict[str, Any]]):
    """A place in the queue, from 1, and in how many seconds its turn comes, where that is known."""

    position = serializers.IntegerField()
    seconds = serializers.FloatField(allow_null=True)


class SubmissionSerializer(serializers.ModelSerializer[Submission]):
    """A submission without its verdict.

    ``passed`` is what counts: null where nothing is decided, and where ``released`` is false, since
    an exam keeps its verdicts back.
    """

    question: Slugs = serializers.SlugRelatedField(
        "slug", source="attempt.question", read_only=True
    )
    learner = serializers.CharField(source="attempt.learner.username", read_only=True)
    state = serializers.SerializerMethodField()
    passed = serializers.SerializerMethodField()
    held = serializers.SerializerMethodField(help_text="Whether a person has to look at it")
    released = serializers.SerializerMethodField()

    class Meta:
        model = Submission
        fields = [
            *("id", "attempt", "question", "learner", "number", "submitted_at"),
            *("state", "passed", "held", "released"),
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(Grading.State.choices))
    def get_state(self, submission: Submission) -> str:
        """Return where it stands."""
        return submission.grading.state

    @extend_schema_field(serializers.BooleanField(allow_null=True))
    def get_passed(self, submission: Submission) -> bool | None:
        """Return what counts."""
        return submission.grading.passed if self.get_released(submission) else None

    def get_held(self, submission: Submission) -> bool:
        """Return whether it waits for a person."""
        grading = submission.grading
        return self.get_released(submission) and bool(grading.held) and grading.passed is None

    def get_released(self, submission: Submission) -> bool:
        """Return whether what came of it is told."""
        released: bool = self.context["view"].is_released(submission.attempt)
        return released


class WholeSubmissionSerializer(SubmissionSerializer):
    """A submission with its verdict, or how far the judging is."""

    stage = serializers.SerializerMethodField()
    stage_done = serializers.SerializerMethodField()
    stage_total = serializers.SerializerMethodField()
    place = serializers.SerializerMethodField()
    verdict = serializers.SerializerMethodField()

    class Meta(SubmissionSerializer.Meta):
        fields = [
            *SubmissionSerializer.Meta.fields,
            *("stage", "stage_done", "stage_total", "place", "verdict"),
        ]
        read_only_fields = fields

    def _running(self, submission: Submission) -> Grading | None:
        grading = submission.grading
        shown = self.get_released(submission) and grading.state == Grading.State.RUNNING
        return grading if shown else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_stage(self, submission: Submission) -> str | None:
        """Return what is being judged."""
        running = self._running(submission)
        return running.stage if running else None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_stage_done(self, submission: Submission) -> int | None:
        """Return how much of it is done."""
        running = self._running(submission)
        return running.stage_done if running else None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_stage_total(self, submission: Submission) -> int | None:
        """Return how much there is to do."""
        running = self._running(submission)
        return running.stage_total if running else None

    @extend_schema_field(PlaceSerializer(allow_null=True))
    def get_place(self, submission: Submission) -> dict[str, Any] | None:
        """Return where in the queue it waits."""
        place = place_of(submission.grading) if self.get_released(submission) else None
        if place is None:
            return None
        return {"position": place.position, "seconds": place.seconds}

    @extend_schema_field(VerdictSerializer(allow_null=True))
    def get_verdict(self, submission: Submission) -> dict[str, Any] | None:
        """Return what came of it, once that is told."""
        verdict = submission.grading.verdict
        if verdict is None or not self.get_released(submission):
            return None
        return {name: value for name, value in verdict.items() if name not in _OURS}


class SourceSerializer(serializers.Serializer[dict[str, str]]):
    """A file as it came: its bytes, and as text, in which what is not UTF-8 is replaced."""

    source = serializers.CharField()  # type: ignore[assignment]
    source_base64 = serializers.CharField()


class NewSubmissionSerializer(StrictSerializer):
    """A file of code to be judged, for a question or, in a sitting, for an attempt of it."""

    question = serializers.SlugField(required=False, max_length=80)
    attempt = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    source = serializers.CharField(  # type: ignore[assignment]
        required=False, trim_whitespace=False, max_length=_MOST_CHARACTERS, allow_blank=True
    )
    source_base64 = serializers.CharField(
        required=False,
        max_length=_MOST_CHARACTERS,
        help_text="Instead of source, where the file is no text or has null bytes",
    )

    def validate_source_base64(self, text: str) -> bytes:
        """Return the bytes. Raises ``ValidationError``."""
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as fault:
            raise serializers.ValidationError(_("This is not base64.")) from fault

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Make sure that each is said once. Raises ``ValidationError``."""
        for one, other in (("question", "attempt"), ("source", "source_base64")):
            if (one in attrs) == (other in attrs):
                told = _("Give either %(one)s or %(other)s.") % {"one": one, "other": other}
                raise serializers.ValidationError({one: [told]})
        return attrs

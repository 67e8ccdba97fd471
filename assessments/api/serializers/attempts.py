"""Attempts at questions, and the answers given in them."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments.api.parsing import StrictSerializer
from assessments.api.serializers.asked import AskedSerializer, asked_of
from assessments.api.serializers.courses import Slugs
from assessments.journal.entries import LONGEST_VALUE
from assessments.models import Attempt, Response, RubricMark
from assessments.services.said import Told
from question_bank.variants import variant_of


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    """An attempt: which version of a question, with which values."""

    learner = serializers.CharField(source="learner.username", read_only=True)
    question: Slugs = serializers.SlugRelatedField("slug", read_only=True)
    kind = serializers.CharField(source="question.kind", read_only=True)
    version = serializers.IntegerField(source="version.number", read_only=True)

    class Meta:
        model = Attempt
        fields = [
            *("id", "learner", "question", "kind", "purpose", "number", "version", "seed"),
            *("started_at", "sitting", "place", "points", "is_flagged"),
        ]
        read_only_fields = fields


class GivenSerializer(serializers.Serializer[dict[str, Any]]):
    """Points that a person gave by a criterion."""

    field = serializers.CharField()
    criterion = serializers.CharField()
    points = serializers.IntegerField()
    comment = serializers.CharField()


class RubricSerializer(serializers.ModelSerializer[RubricMark]):
    """How a person marked a text."""

    given = GivenSerializer(many=True, read_only=True)

    class Meta:
        model = RubricMark
        fields = ["marked_at", "role", "given", "comment"]
        read_only_fields = fields


class MarkSerializer(serializers.Serializer[dict[str, Any]]):
    """What an answer earned, from 0 to 1, and what is said to it; ``waiting`` is for a person."""

    earned = serializers.DecimalField(max_digits=5, decimal_places=4)
    waiting = serializers.DecimalField(max_digits=5, decimal_places=4)
    given = serializers.CharField(help_text="The answer in words")
    feedback = serializers.CharField(help_text="Markdown")
    rubric = RubricSerializer(allow_null=True)


class ResponseSerializer(serializers.ModelSerializer[Response]):
    """An answer as it was given; ``mark`` is null until it is released."""

    question: Slugs = serializers.SlugRelatedField(
        "slug", source="attempt.question", read_only=True
    )
    learner = serializers.CharField(source="attempt.learner.username", read_only=True)
    answer = serializers.DictField(child=serializers.CharField(), read_only=True)
    mark = serializers.SerializerMethodField()

    class Meta:
        model = Response
        fields = ["id", "attempt", "question", "learner", "number", "created_at", "answer", "mark"]
        read_only_fields = fields

    @extend_schema_field(MarkSerializer(allow_null=True))
    def get_mark(self, response: Any) -> dict[str, Any] | None:
        """Return what is told of it; the right answer is not."""
        view = self.context["view"]
        if not view.is_released(response.attempt):
            return None
        return mark_told(response, view.rubric_marks.get(response.pk))


def mark_told(response: Any, mark: RubricMark | None) -> dict[str, Any]:
    """Return the mark of a response, credited."""
    told = {
        "earned": response.earned,
        "waiting": response.waiting,
        "given": response.feedback["given"],
        "feedback": response.feedback["feedback"],
        "rubric": mark,
    }
    packed: dict[str, Any] = MarkSerializer(told).data
    return packed


class WholeAttemptSerializer(AttemptSerializer):
    """An attempt with what it asks, what is saved, and what is said of the last answer.

    ``explanation`` is null until it is shown.
    """

    asked = serializers.SerializerMethodField()
    answer = serializers.SerializerMethodField()
    response = serializers.SerializerMethodField()
    explanation = serializers.SerializerMethodField()

    class Meta(AttemptSerializer.Meta):
        fields = [
            *AttemptSerializer.Meta.fields,
            *("asked", "answer", "response", "explanation"),
        ]
        read_only_fields = fields

    def _told(self) -> Told:
        told: Told = self.context["told"]
        return told

    @extend_schema_field(AskedSerializer)
    def get_asked(self, attempt: Attempt) -> dict[str, Any]:
        """Return the question with its values."""
        return asked_of(variant_of(attempt.version, attempt.seed), hints=self._told().hints)

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_answer(self, _attempt: Attempt) -> dict[str, str]:
        """Return the fields as they are saved."""
        return dict(self._told().saved)

    @extend_schema_field(ResponseSerializer(allow_null=True))
    def get_response(self, _attempt: Attempt) -> dict[str, Any] | None:
        """Return the last answer."""
        latest = self._told().latest
        if latest is None:
            return None
        told: dict[str, Any] = ResponseSerializer(latest, context=self.context).data
        return told

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_explanation(self, attempt: Attempt) -> str | None:
        """Return why the right answer is right, in Markdown, once that helps."""
        if not self._told().explained:
            return None
        return variant_of(attempt.version, attempt.seed).explanation


class NewAttemptSerializer(StrictSerializer):
    """A question to practise; ``again`` begins anew with other values once something is answered.

    Without it the present attempt is gone on with.
    """

    question = serializers.SlugField(max_length=80)
    again = serializers.BooleanField(default=False)


class ChangedAttemptSerializer(StrictSerializer):
    """Whether its learner wants to come back to it; in a sitting only."""

    is_flagged = serializers.BooleanField()


class AnswerSerializer(StrictSerializer):
    """All fields of an answer, by name; those left out become empty."""

    answer = serializers.DictField(
        child=serializers.CharField(
            allow_blank=True, trim_whitespace=False, max_length=LONGEST_VALUE
        )
    )


def unknown_fields(answer: dict[str, str], names: Sequence[str]) -> list[str]:
    """Return the fields of an answer that its form has not."""
    return [name for name in answer if name not in names]

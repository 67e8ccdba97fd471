"""The question bank as authors see it, with drafts and keys."""

from typing import Any, TypeAlias

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments.api.parsing import StrictSerializer
from assessments.api.serializers.asked import AskedSerializer, asked_of
from assessments.api.serializers.subjects import SubjectsSerializer
from grader.contract import LONGEST_SLUG
from question_bank.author_tests import worked
from question_bank.kinds import Answerable, Mark
from question_bank.models import Draft, Question, QuestionEvent, QuestionVersion
from question_bank.variants import read_content

Slugs: TypeAlias = "serializers.SlugRelatedField[Any]"
_MOST_WORKED = 20


class JSONObject(serializers.DictField):
    """Values under their names, as JSON has them."""


class BankQuestionSerializer(SubjectsSerializer):
    """A question with where it stands; versions are named by their numbers."""

    bloom = serializers.CharField(read_only=True, help_text="Empty where nothing is said yet")
    courses = serializers.SerializerMethodField()
    live = serializers.IntegerField(source="live_number", allow_null=True, read_only=True)
    has_been_live = serializers.BooleanField(read_only=True)
    has_draft = serializers.SerializerMethodField()
    handed_in = serializers.IntegerField(source="proposed_number", allow_null=True, read_only=True)
    is_approved = serializers.SerializerMethodField(help_text="What is handed in")

    class Meta:
        model = Question
        fields = [
            *("slug", "kind", "title", "bloom", "difficulty", "folder", "concepts", "tags"),
            *("courses", "live", "has_been_live", "has_draft", "handed_in", "is_approved"),
        ]
        read_only_fields = fields

    def get_courses(self, question: Any) -> list[str]:
        """Return their slugs; they are read with the questions."""
        return [course.slug for course in question.courses_read]

    def get_has_draft(self, question: Any) -> bool:
        """Return whether something is being written."""
        return question.draft_pk is not None

    def get_is_approved(self, question: Any) -> bool:
        """Return whether a second person has approved what is handed in."""
        approved = question.decision == QuestionEvent.Action.APPROVED
        return question.proposed_number is not None and approved


class NewQuestionSerializer(StrictSerializer):
    """A question to be begun, with what its draft says."""

    slug = serializers.CharField(max_length=LONGEST_SLUG)
    content = JSONObject(help_text="As the kind has it; see a version of a question of that kind")


class VersionSerializer(serializers.ModelSerializer[QuestionVersion]):
    """A version without what it says; nobody is its author where it came from files."""

    author = serializers.CharField(
        source="author.username", default=None, allow_null=True, read_only=True
    )
    is_live = serializers.SerializerMethodField()

    class Meta:
        model = QuestionVersion
        fields = ["number", "digest", "author", "made_at", "is_live"]
        read_only_fields = fields

    def get_is_live(self, version: QuestionVersion) -> bool:
        """Return whether attempts begin with it."""
        return version.question.live_id == version.pk


class WholeVersionSerializer(VersionSerializer):
    """A version, word for word."""

    content = JSONObject(read_only=True)

    class Meta(VersionSerializer.Meta):
        fields = [*VersionSerializer.Meta.fields, "content"]
        read_only_fields = fields


class EventSerializer(serializers.ModelSerializer[QuestionEvent]):
    """What somebody did with a question; nobody, where a command did it."""

    version = serializers.IntegerField(
        source="version.number", default=None, allow_null=True, read_only=True
    )
    by = serializers.CharField(source="by.username", default=None, allow_null=True, read_only=True)

    class Meta:
        model = QuestionEvent
        fields = ["id", "action", "version", "by", "note", "at"]
        read_only_fields = fields


class DraftSerializer(serializers.ModelSerializer[Draft]):
    """What a question is to say next."""

    content = JSONObject()
    based_on = serializers.IntegerField(
        source="based_on.number", default=None, allow_null=True, read_only=True
    )
    handed_in = serializers.IntegerField(
        source="proposed.number", default=None, allow_null=True, read_only=True
    )
    saved_by = serializers.CharField(
        source="saved_by.username", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = Draft
        fields = ["revision", "based_on", "handed_in", "saved_by", "saved_at", "content"]
        read_only_fields = fields


class ContentSerializer(StrictSerializer):
    """What a draft is to say."""

    content = JSONObject()


class VerbSerializer(StrictSerializer):
    """Which version whoever decides has looked at, and what they say to it."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    note = serializers.CharField(max_length=400, default="", allow_blank=True)


class FaultSerializer(serializers.Serializer[dict[str, str]]):
    """What keeps a draft from being handed in."""

    field = serializers.CharField(help_text="Of the content; empty where it is the whole")
    reason = serializers.CharField()


class TestedSerializer(serializers.Serializer[dict[str, Any]]):
    """What came of the tests of a draft."""

    passed = serializers.BooleanField()
    faults = FaultSerializer(many=True)


class WorkedSerializer(serializers.Serializer[dict[str, Any]]):
    """An answer as its author writes it, and how it is marked; or why it cannot be read here."""

    answer = serializers.CharField()
    fault = serializers.CharField()
    credit = serializers.DecimalField(5, 4, allow_null=True)
    waits = serializers.DecimalField(5, 4, allow_null=True)
    given = serializers.CharField()
    right = serializers.CharField()
    feedback = serializers.CharField()


class KeyedVariantSerializer(serializers.Serializer[dict[str, Any]]):
    """What a learner would be asked, and what only authors know."""

    version = serializers.IntegerField()
    seed = serializers.IntegerField()
    asked = serializers.SerializerMethodField()
    explanation = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField(
        help_text="Of the kind and of the author's tests, twenty at most; code has none here"
    )

    @extend_schema_field(AskedSerializer)
    def get_asked(self, told: dict[str, Any]) -> dict[str, Any]:
        """Return what is asked."""
        return asked_of(told["variant"])

    def get_explanation(self, told: dict[str, Any]) -> str:
        """Return the explanation, in Markdown."""
        text: str = told["variant"].explanation
        return text

    @extend_schema_field(WorkedSerializer(many=True))
    def get_answers(self, told: dict[str, Any]) -> list[dict[str, Any]]:
        """Return answers of which the credit is known, marked."""
        variant = told["variant"]
        if not isinstance(variant, Answerable):
            return []
        marked = list(worked(read_content(told["content"]), variant))[:_MOST_WORKED]
        return [{"answer": answer} | _worked(mark) for answer, mark in marked]


def _worked(mark: Mark | str) -> dict[str, Any]:
    if isinstance(mark, str):
        words = {"given": "", "right": "", "feedback": ""}
        return {"fault": mark, "credit": None, "waits": None} | words
    shares = {"credit": f"{mark.fraction:.4f}", "waits": f"{mark.waits:.4f}"}
    return {"fault": ""} | shares | mark.as_json()

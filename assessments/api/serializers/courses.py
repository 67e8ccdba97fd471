"""Courses, their concepts and their questions, as whoever is in them sees them."""

from typing import Any, TypeAlias

from rest_framework import serializers

from assessments.api.serializers.subjects import SubjectsSerializer
from assessments.models import Course
from question_bank.models import Concept, Question

Slugs: TypeAlias = "serializers.SlugRelatedField[Any]"


class CourseSerializer(serializers.ModelSerializer[Course]):
    """A course; ``role`` is one's own in it, null for whoever is not."""

    role = serializers.CharField(allow_null=True, read_only=True)

    class Meta:
        model = Course
        fields = ["slug", "title", "summary", "chapters", "is_open", "role"]
        read_only_fields = fields

    chapters = serializers.ListField(child=serializers.CharField(), read_only=True)


class ConceptSerializer(serializers.ModelSerializer[Concept]):
    """A concept without its text."""

    learn_before: Slugs = serializers.SlugRelatedField("slug", many=True, read_only=True)

    class Meta:
        model = Concept
        fields = ["slug", "title", "chapter", "position", "summary", "learn_before"]
        read_only_fields = fields


class WholeConceptSerializer(ConceptSerializer):
    """A concept with its text (Markdown) and the pattern of its picture."""

    learn_after: Slugs = serializers.SlugRelatedField("slug", many=True, read_only=True)

    class Meta(ConceptSerializer.Meta):
        fields = [*ConceptSerializer.Meta.fields, "learn_after", "body", "pattern", "pattern_n"]
        read_only_fields = fields


class EdgeSerializer(serializers.Serializer[dict[str, str]]):
    """That one concept is learned right before another."""

    before = serializers.SlugField()
    after = serializers.SlugField()


class GraphSerializer(serializers.Serializer[dict[str, object]]):
    """The concepts of a course as a graph without cycles."""

    nodes = ConceptSerializer(many=True)
    edges = EdgeSerializer(many=True)


class QuestionSerializer(SubjectsSerializer):
    """A question without what it says: that is drawn for each attempt."""

    is_live = serializers.SerializerMethodField(help_text="Whether an attempt can begin")

    class Meta:
        model = Question
        fields = [
            *("slug", "kind", "title", "bloom", "difficulty"),
            *("concepts", "tags", "is_live"),
        ]
        read_only_fields = fields

    def get_is_live(self, question: Question) -> bool:
        """Return whether there is a version to begin with."""
        return question.live_id is not None

"""What learners have, what waits for a person, and assessments as they are built."""

from decimal import Decimal
from typing import Any, TypeAlias

from rest_framework import serializers

from assessments.api.serializers.people import WhoSerializer
from assessments.models import Assessment, Slot
from assessments.services.gradebook import Standing

Slugs: TypeAlias = "serializers.SlugRelatedField[Any]"


class PointsField(serializers.DecimalField):
    """Points, to a hundredth."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=None, decimal_places=2, **kwargs)


class CellSerializer(serializers.Serializer[dict[str, Any]]):
    """What a learner has at an assessment; points are null where no sitting is handed in."""

    assessment = serializers.CharField()
    standing = serializers.ChoiceField(choices=[one.value for one in Standing])
    sitting = serializers.IntegerField(allow_null=True, help_text="The one that counts")
    taken = serializers.IntegerField(help_text="How many are handed in")
    going_on = serializers.BooleanField()
    points = PointsField(allow_null=True, help_text="Earned for certain")
    at_most = PointsField(allow_null=True, help_text="What they can still become")
    of = PointsField(allow_null=True)
    waiting = serializers.IntegerField(help_text="Answers that wait for a person")
    judging = serializers.IntegerField(help_text="Code that is being judged")


class GradebookRowSerializer(serializers.Serializer[dict[str, Any]]):
    """A learner with a result for each assessment, and the points earned for certain."""

    learner = WhoSerializer()
    results = CellSerializer(many=True)
    points = PointsField()


class WaitingSerializer(serializers.Serializer[Any]):
    """An answer that waits for a person; whose it is, its marker need not know."""

    id = serializers.IntegerField(source="pk")
    attempt = serializers.IntegerField(source="attempt_id")
    question = serializers.CharField(source="attempt.question.slug")
    assessment = serializers.IntegerField(
        source="attempt.sitting.assessment_id", default=None, allow_null=True
    )
    answered_at = serializers.DateTimeField(source="created_at")
    waiting = serializers.DecimalField(5, 4, help_text="The share of the mark that is undecided")


class SlotSerializer(serializers.ModelSerializer[Slot]):
    """A place in an assessment: a question, or so many drawn of what fits."""

    question: Slugs = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    concept: Slugs = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    kind = serializers.CharField(read_only=True, help_text="Empty: of any kind")
    tag: Slugs = serializers.SlugRelatedField("name", read_only=True, allow_null=True)

    class Meta:
        model = Slot
        fields = [
            *("position", "points", "question", "draws", "concept", "kind", "tag"),
            *("easiest", "hardest"),
        ]
        read_only_fields = fields


class TaughtAssessmentSerializer(serializers.ModelSerializer[Assessment]):
    """An assessment as those see it who work in its course."""

    course: Slugs = serializers.SlugRelatedField("slug", read_only=True)
    places = SlotSerializer(source="slots", many=True, read_only=True)
    begun = serializers.IntegerField(read_only=True, help_text="Sittings of learners")
    handed_in = serializers.IntegerField(read_only=True)

    class Meta:
        model = Assessment
        fields = [
            *("id", "course", "slug", "title", "introduction", "kind", "position"),
            *("opens_at", "closes_at", "minutes", "grace_seconds", "sittings_allowed"),
            *("shuffles", "feedback", "counts", "published_at", "released_at"),
            *("begun", "handed_in", "places"),
        ]
        read_only_fields = fields


def points_of(value: Decimal) -> Decimal:
    """Return points as they are told: to a hundredth, halves upwards."""
    return value.quantize(Decimal("0.01"), "ROUND_HALF_UP")

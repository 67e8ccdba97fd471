"""Assessments, their sittings, and what they come to."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments.api.parsing import StrictSerializer
from assessments.api.serializers.courses import Slugs
from assessments.models import Assessment, Sitting
from assessments.scoring import Score
from assessments.services.gradebook import Standing
from assessments.timing import Refusal, is_going_on, may_begin


class ScoreSerializer(serializers.Serializer[dict[str, Any]]):
    """Points: what is earned for certain, what it can still become, and of how many."""

    least = serializers.DecimalField(max_digits=12, decimal_places=2)
    most = serializers.DecimalField(max_digits=12, decimal_places=2)
    of = serializers.DecimalField(max_digits=12, decimal_places=2)
    decided = serializers.BooleanField()


def score_told(score: Score) -> dict[str, Any]:
    """Return points as they are told, to a hundredth."""
    shown = score.rounded()
    told: dict[str, Any] = ScoreSerializer(
        {"least": shown.least, "most": shown.most, "of": shown.of, "decided": score.is_decided}
    ).data
    return told


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    """An assessment with what holds for whoever asks, their accommodation taken into account.

    ``minutes`` are those of the assessment, ``seconds`` those that one's own sitting may take.
    ``refusal`` says why none begins now, and is null where one may.
    """

    course: Slugs = serializers.SlugRelatedField("slug", read_only=True)
    opens_at = serializers.SerializerMethodField()
    closes_at = serializers.SerializerMethodField()
    seconds = serializers.SerializerMethodField()
    sittings_allowed = serializers.SerializerMethodField()
    taken = serializers.SerializerMethodField(help_text="Sittings begun")
    going_on = serializers.SerializerMethodField(help_text="The sitting that goes on")
    refusal = serializers.SerializerMethodField()

    class Meta:
        model = Assessment
        fields = [
            *("id", "course", "slug", "title", "introduction", "kind", "opens_at", "closes_at"),
            *("minutes", "seconds", "grace_seconds", "sittings_allowed", "shuffles", "feedback"),
            *("counts", "published_at", "released_at", "taken", "going_on", "refusal"),
        ]
        read_only_fields = fields

    def _known(self, assessment: Assessment) -> Any:
        return self.context["view"].known[assessment.pk]

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_opens_at(self, assessment: Assessment) -> str | None:
        """Return when it opens."""
        return _time(self._known(assessment).terms.opens_at)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_closes_at(self, assessment: Assessment) -> str | None:
        """Return when it closes for this person."""
        return _time(self._known(assessment).terms.closes_at)

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_seconds(self, assessment: Assessment) -> int | None:
        """Return how long a sitting of this person may take."""
        time = self._known(assessment).terms.time
        return None if time is None else int(time.total_seconds())

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_sittings_allowed(self, assessment: Assessment) -> int | None:
        """Return how many sittings this person may have."""
        allowed: int | None = self._known(assessment).terms.sittings
        return allowed

    def get_taken(self, assessment: Assessment) -> int:
        """Return how many this person has begun."""
        taken: int = self._known(assessment).taken
        return taken

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_going_on(self, assessment: Assessment) -> int | None:
        """Return which goes on."""
        going_on: int | None = self._known(assessment).going_on
        return going_on

    @extend_schema_field(serializers.ChoiceField([one.value for one in Refusal], allow_null=True))
    def get_refusal(self, assessment: Assessment) -> str | None:
        """Return why none begins."""
        known = self._known(assessment)
        is_open = known.going_on is not None
        return may_begin(known.terms, taken=known.taken, is_open=is_open, now=timezone.now())


class SittingSerializer(serializers.ModelSerializer[Sitting]):
    """A sitting, without its questions."""

    learner = serializers.CharField(source="learner.username", read_only=True)
    course: Slugs = serializers.SlugRelatedField("slug", source="assessment.course", read_only=True)
    is_going_on = serializers.SerializerMethodField()

    class Meta:
        model = Sitting
        fields = [
            *("id", "assessment", "course", "learner", "number", "started_at", "due_at"),
            *("grace_until", "handed_in_at", "by_clock", "is_test", "is_going_on"),
        ]
        read_only_fields = fields

    def get_is_going_on(self, sitting: Sitting) -> bool:
        """Return whether it is neither handed in nor past its end."""
        return is_going_on(sitting, timezone.now())


class AskedHereSerializer(serializers.Serializer[dict[str, Any]]):
    """A question of a sitting: where it stands; its ``attempt`` says what it asks."""

    place = serializers.IntegerField()
    attempt = serializers.IntegerField()
    question = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    points = serializers.DecimalField(max_digits=6, decimal_places=2)
    is_answered = serializers.BooleanField()
    is_flagged = serializers.BooleanField()
    score = ScoreSerializer(allow_null=True)


class WholeSittingSerializer(SittingSerializer):
    """A sitting with its questions and, once they are released, its marks."""

    released = serializers.SerializerMethodField()
    score = serializers.SerializerMethodField()
    questions = serializers.SerializerMethodField()

    class Meta(SittingSerializer.Meta):
        fields = [*SittingSerializer.Meta.fields, "released", "score", "questions"]
        read_only_fields = fields

    def _told(self) -> Mapping[str, Any]:
        told: Mapping[str, Any] = self.context["told"]
        return told

    def get_released(self, _sitting: Sitting) -> bool:
        """Return whether marks are told."""
        released: bool = self._told()["released"]
        return released

    @extend_schema_field(ScoreSerializer(allow_null=True))
    def get_score(self, _sitting: Sitting) -> dict[str, Any] | None:
        """Return what it comes to."""
        score = self._told()["score"]
        return None if score is None else score_told(score)

    @extend_schema_field(AskedHereSerializer(many=True))
    def get_questions(self, _sitting: Sitting) -> list[dict[str, Any]]:
        """Return its questions in their order."""
        return [self._question(one) for one in self._told()["lines"]]

    def _question(self, line: Any) -> dict[str, Any]:
        attempt = line.attempt
        return {
            "place": attempt.place,
            "attempt": attempt.pk,
            "question": attempt.question.slug,
            "kind": attempt.question.kind,
            "title": attempt.question.title,
            "points": str(attempt.points or Decimal(0)),
            "is_answered": line.is_answered,
            "is_flagged": attempt.is_flagged,
            "score": None if line.score is None else score_told(line.score),
        }


class NewSittingSerializer(StrictSerializer):
    """Which assessment is sat; ``test`` is for those who teach it, and counts nowhere."""

    assessment = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    test = serializers.BooleanField(default=False)


class ResultSerializer(serializers.Serializer[dict[str, Any]]):
    """What one has at an assessment; ``score`` is null until it is released.

    ``waiting`` and ``judging`` count the answers that a person has to mark, or a machine to judge.
    """

    assessment = serializers.IntegerField()
    slug = serializers.CharField()
    title = serializers.CharField()
    counts = serializers.ChoiceField(Assessment.Counts.choices)
    standing = serializers.ChoiceField([one.value for one in Standing])
    taken = serializers.IntegerField()
    going_on = serializers.BooleanField()
    sitting = serializers.IntegerField(allow_null=True, help_text="The one that counts")
    score = ScoreSerializer(allow_null=True)
    waiting = serializers.IntegerField()
    judging = serializers.IntegerField()


class ResultsSerializer(serializers.Serializer[dict[str, Any]]):
    """One's own results in a course."""

    course = serializers.CharField()
    results = ResultSerializer(many=True)


def _time(moment: Any) -> str | None:
    told: str | None = serializers.DateTimeField().to_representation(moment) if moment else None
    return told

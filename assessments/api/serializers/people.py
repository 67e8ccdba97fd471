"""Who is in which course, and who is given more time."""

from decimal import Decimal
from typing import Any, TypeAlias

from rest_framework import serializers

from assessments.api.parsing import StrictSerializer
from assessments.models import Accommodation, Enrolment, User

Slugs: TypeAlias = "serializers.SlugRelatedField[Any]"


class WhoSerializer(serializers.ModelSerializer[User]):
    """A person by name."""

    name = serializers.CharField(source="get_full_name", read_only=True)

    class Meta:
        model = User
        fields = ["id", "username", "name"]
        read_only_fields = fields


class EnrolledSerializer(serializers.Serializer[Any]):
    """A course and somebody's role in it."""

    course = serializers.CharField(source="course.slug")
    role = serializers.CharField()


class TaughtSerializer(WhoSerializer):
    """Somebody whom you teach; ``courses`` are those of theirs that you teach."""

    email = serializers.CharField(read_only=True, help_text="May be empty")
    courses = EnrolledSerializer(source="taught", many=True, read_only=True)

    class Meta(WhoSerializer.Meta):
        fields = [*WhoSerializer.Meta.fields, "email", "courses"]
        read_only_fields = fields


class EnrolmentSerializer(serializers.ModelSerializer[Enrolment]):
    """A person's part in a course."""

    person = WhoSerializer(source="user", read_only=True)

    class Meta:
        model = Enrolment
        fields = ["id", "person", "role"]
        read_only_fields = fields


class RoleSerializer(StrictSerializer):
    """The role that somebody is to have."""

    role = serializers.ChoiceField(choices=Enrolment.Role.choices)


class NewEnrolmentSerializer(RoleSerializer):
    """Who is to be enrolled, and as what."""

    who = serializers.CharField(max_length=254, help_text="A user name, or an e-mail address")
    role = serializers.ChoiceField(
        choices=Enrolment.Role.choices, default=Enrolment.Role.LEARNER.value
    )
    unconfirmed = serializers.BooleanField(
        default=False, help_text="Also somebody whose account has not confirmed the address"
    )


class AccommodationSerializer(serializers.ModelSerializer[Accommodation]):
    """More time for a learner, in an assessment or, without one, in all of a course."""

    learner: Slugs = serializers.SlugRelatedField("username", read_only=True)
    course: Slugs = serializers.SlugRelatedField("slug", read_only=True)
    assessment: Slugs = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    given_by: Slugs = serializers.SlugRelatedField("username", read_only=True)

    class Meta:
        model = Accommodation
        fields = [
            *("id", "learner", "course", "assessment", "factor", "extra_sittings", "note"),
            *("given_by", "given_at"),
        ]
        read_only_fields = fields


class ChangedAccommodationSerializer(StrictSerializer):
    """How much more."""

    factor = serializers.DecimalField(4, 2, min_value=1, max_value=10, default=Decimal(1))
    extra_sittings = serializers.IntegerField(min_value=0, max_value=100, default=0)
    note = serializers.CharField(max_length=400, default="", allow_blank=True)


class NewAccommodationSerializer(ChangedAccommodationSerializer):
    """Who is given how much more, and where."""

    learner = serializers.CharField(max_length=150, help_text="A user name")
    course = serializers.SlugField(max_length=80)
    assessment = serializers.SlugField(max_length=80, allow_null=True, default=None)

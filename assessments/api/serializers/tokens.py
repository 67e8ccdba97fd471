"""Tokens and people as they are told."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments.api.parsing import StrictSerializer
from assessments.models import Scope, Token, User
from assessments.services.tokens import MOST_DAYS


class TokenSerializer(serializers.ModelSerializer[Token]):
    """A token without its text."""

    class Meta:
        model = Token
        fields = [
            *("id", "name", "start", "scopes"),
            *("created_at", "expires_at", "used_at", "revoked_at"),
        ]
        read_only_fields = fields

    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices), read_only=True)


class NewTokenSerializer(StrictSerializer):
    """What is asked for."""

    name = serializers.CharField(max_length=80, help_text="By which you know it again")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(Scope.choices), min_length=1, max_length=len(Scope)
    )
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=90)


class ToldTokenSerializer(TokenSerializer):
    """A token just made, with its text, which is told this once."""

    token = serializers.SerializerMethodField()

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "token"]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_token(self, _token: Token) -> str:
        """Return the text; where the request is repeated by its key, it is null."""
        text: str = self.context["text"]
        return text


class PersonSerializer(serializers.ModelSerializer[User]):
    """Whoever asks."""

    name = serializers.CharField(source="get_full_name", read_only=True)
    email = serializers.CharField(read_only=True, help_text="Empty where there is none")
    courses = serializers.SerializerMethodField(help_text="Slug and role of each")

    class Meta:
        model = User
        fields = ["id", "username", "name", "email", "courses"]
        read_only_fields = fields

    def get_courses(self, user: User) -> list[dict[str, Any]]:
        """Return the courses that the person is in."""
        enrolments = user.enrolments.select_related("course").order_by("course__title")
        return [{"course": one.course.slug, "role": one.role} for one in enrolments]

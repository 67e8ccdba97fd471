"""Variants of a question."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments.api.serializers.asked import AskedSerializer, asked_of


class VariantSerializer(serializers.Serializer[dict[str, Any]]):
    """What a question asks with the values that a seed draws."""

    question = serializers.CharField()
    version = serializers.IntegerField()
    seed = serializers.IntegerField()
    asked = serializers.SerializerMethodField()

    @extend_schema_field(AskedSerializer)
    def get_asked(self, told: dict[str, Any]) -> dict[str, Any]:
        """Return what is asked; hints belong to an attempt."""
        return asked_of(told["variant"], hints=False)

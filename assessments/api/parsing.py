"""Bodies: JSON, and nothing in it that is not asked for."""

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class DeepJSONParser(JSONParser):
    """JSON, however it is nested; its size has been looked at before."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return what the body says. Raises ``ParseError``."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as fault:
            raise ParseError(_("This is nested too deeply.")) from fault


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields that it does not know: a misspelt one would be passed over in silence."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the values. Raises ``ValidationError``, by field."""
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = [name for name in data if name not in writable]
            if unknown:
                told = _("There is no such field.")
                raise serializers.ValidationError({str(name): [told] for name in unknown})
        return super().to_internal_value(data)

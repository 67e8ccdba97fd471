"""The description of the API (OpenAPI 3.1): what every operation has besides its own."""

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_view,
)

from assessments.api.permissions import scope_of
from assessments.api.problems import TYPES
from assessments.api.repeats import HEADER
from assessments.api.resources import FIELDS

PROBLEM = "application/problem+json"
Viewed = TypeVar("Viewed")


def example(summary: str, value: Any, *, of_request: bool = False) -> OpenApiExample:
    """Return an example of what is answered, or of what is sent."""
    return OpenApiExample(
        summary, value=value, summary=summary, request_only=of_request, response_only=not of_request
    )


def readable(
    name: str, many: str, one: str, value: Any, *, whole: Any = None
) -> Callable[[type[Viewed]], type[Viewed]]:
    """Describe the list and the single view of a resource, with an example of each."""
    return extend_schema_view(
        list=extend_schema(
            operation_id=f"{name}_list",
            description=f"List {many}.",
            examples=[example(f"List {many}", value)],
        ),
        retrieve=extend_schema(
            operation_id=f"{name}_retrieve",
            description=f"Show {one}.",
            examples=[example(f"Show {one}", whole or value)],
        ),
    )


def listable(name: str, many: str, value: Any) -> Callable[[type[Viewed]], type[Viewed]]:
    """Describe the list of a resource that has no single view, with an example."""
    return extend_schema_view(
        list=extend_schema(
            operation_id=f"{name}_list",
            description=f"List {many}.",
            examples=[example(f"List {many}", value)],
        )
    )


class Operations(AutoSchema):
    """Operations named by resource and verb, with their scope and the headers they take."""

    def get_operation(self, *place: Any) -> dict[str, Any] | None:
        """Return an operation that says which scope a token needs for it."""
        operation: dict[str, Any] | None = super().get_operation(*place)
        scope = scope_of(self.view, self.method)
        if operation and scope:
            operation["description"] += f"\n\nScope of a token: `{scope.value}`."
        return operation

    def get_override_parameters(self) -> list[Any]:
        """Return the parameters that operations of its kind take."""
        found = list(super().get_override_parameters())
        action = getattr(self.view, "action", "")
        if action in {"list", "retrieve"}:
            found.append(OpenApiParameter(FIELDS, str, description=_FIELDS))
        if action in getattr(self.view, "repeatable", ()):
            found.append(OpenApiParameter(HEADER, str, "header", description=_KEY))
        if action in getattr(self.view, "guarded", ()):
            found.append(OpenApiParameter("If-Match", str, "header", description=_MATCH))
        return found


_FIELDS = "Names of top-level fields, with commas between them: only these are answered."
_KEY = (
    "A text of your own, up to 255 characters. The same request with the same key within 24 hours "
    "is done once, and answered the same."
)
_MATCH = "The ETag of what you have seen; a change made since then is answered 412."


class Bearer(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a token is sent."""

    target_class = "assessments.api.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, _auto_schema: AutoSchema) -> dict[str, Any]:
        """Return it in OpenAPI's words."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "sparring_…"}


def add_problems(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Say of every operation that whatever goes wrong is a problem, and that GET may be a 304."""
    result["components"].setdefault("schemas", {})["Problem"] = _PROBLEM
    problem = {
        "description": "What went wrong",
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in result["paths"].values():
        for method, operation in operations.items():
            operation["responses"]["default"] = problem
            if method == "get":
                operation["responses"]["304"] = {"description": "As the ETag sent says"}
    return result


def add_sparse(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Say of every answer that ``fields`` may make it one of some of the fields."""
    there = result["components"]["schemas"]
    for operations in result["paths"].values():
        operation = operations.get("get", {})
        if any(one["name"] == FIELDS for one in operation.get("parameters", [])):
            content = operation["responses"]["200"]["content"]["application/json"]
            page = there[_named(content["schema"])]["properties"].get("results", {})
            if "next" in there[_named(content["schema"])]["properties"]:
                page["items"] = _some_of(page["items"], there)
            else:
                content["schema"] = _some_of(content["schema"], there)
    result["components"]["schemas"] = dict(sorted(there.items()))
    return result


def _named(schema: dict[str, Any]) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _some_of(schema: dict[str, Any], there: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that a part fits too of what another describes; it is added to ``there``."""
    name = f"{_named(schema)}Sparse"
    whole = there[_named(schema)]
    there[name] = {
        "type": "object",
        "description": "With `fields`: those that it names.",
        "properties": whole["properties"],
        "additionalProperties": False,
    }
    return {"anyOf": [schema, {"$ref": f"#/components/schemas/{name}"}]}


def _text(words: str) -> dict[str, str]:
    return {"type": "string", "description": words}


_PROBLEM = {
    "type": "object",
    "description": "What every refusal looks like (RFC 9457)",
    "properties": {
        "type": _text("Which kind of problem it is"),
        "title": _text("The status in words"),
        "status": {"type": "integer"},
        "detail": _text("What is wrong here, for a person"),
        "instance": _text("The path that was asked for"),
        "errors": {
            "type": "array",
            "description": "Of input: which field, and why; nested fields by dots",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
                "required": ["field", "reason"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "instance", "errors"],
    "example": {
        "type": f"{TYPES}invalid",
        "title": "Bad Request",
        "status": 400,
        "detail": "What was sent is not valid: see errors.",
        "instance": "/api/v1/tokens/",
        "errors": [{"field": "days", "reason": "Ensure this value is greater than or equal to 1."}],
    },
}

"""Every complaint that a schema of a kind can raise is told in words of this project."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from question_bank.courses import BUILT_IN, read_course
from question_bank.kinds import KINDS
from question_bank.refusals import OF_PATTERNS, WORDS, reason_of

#: The errors that a node of pydantic's schemas raises, and those that each of its limits adds.
OF_NODES: dict[str, dict[str, set[str]]] = {
    "model": {"": {"model_type", "extra_forbidden"}},
    "model-fields": {"": {"missing"}},
    "literal": {"": {"literal_error"}},
    "enum": {"": {"enum"}},
    "str": {
        "": {"string_type", "string_unicode"},
        "min_length": {"string_too_short"},
        "max_length": {"string_too_long"},
        "pattern": {"string_pattern_mismatch"},
    },
    "tuple": {"": {"tuple_type"}, "min_length": {"too_short"}, "max_length": {"too_long"}},
    "dict": {"": {"dict_type"}},
    "bool": {"": {"bool_type", "bool_parsing"}},
    "int": {"": {"int_type", "int_parsing", "int_from_float", "int_parsing_size"}},
    "float": {"": {"float_type", "float_parsing", "finite_number"}},
    "decimal": {
        "": {"decimal_type", "decimal_parsing", "finite_number"},
        "max_digits": {"decimal_max_digits", "decimal_whole_digits"},
        "decimal_places": {"decimal_max_places"},
    },
    "tagged-union": {"": {"union_tag_invalid", "union_tag_not_found", "model_attributes_type"}},
}
BOUNDS = {
    "gt": "greater_than",
    "ge": "greater_than_equal",
    "lt": "less_than",
    "le": "less_than_equal",
}
#: Nodes that raise nothing themselves; what validators of ours raise is in words of ours.
SILENT = {
    *("function-after", "no-info", "model-field", "default", "nullable", "union"),
    *("definitions", "definition-ref"),
}
BAD: tuple[Any, ...] = (
    *(None, "", "x" * 500, "two words", "a\nb", -1, 10**40, 0.5, "1e999", "0.123456789"),
    *(True, [], [1], {}, {"kind": "none"}, {"nothing": 1}, "9" * 99),
)


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            yield schema
        for key, value in schema.items():
            if key not in ("metadata", "serialization"):
                yield from nodes(value)
    elif isinstance(schema, list | tuple):
        for value in schema:
            yield from nodes(value)


def errors_of(node: dict[str, Any]) -> set[str]:
    own = OF_NODES[node["type"]]
    raised = set(own[""]).union(*(own[key] for key in own if key in node))
    return raised | {BOUNDS[key] for key in BOUNDS if key in node}


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_that_a_kinds_schema_can_raise_has_words(kind: str) -> None:
    found = list(nodes(KINDS[kind].content.__pydantic_core_schema__))
    assert {node["type"] for node in found} <= OF_NODES.keys() | SILENT
    raised = set[str]().union(*(errors_of(node) for node in found if node["type"] in OF_NODES))
    assert raised - WORDS.keys() == set()


@pytest.mark.parametrize("kind", KINDS)
def test_every_form_that_a_text_must_have_is_described(kind: str) -> None:
    found = nodes(KINDS[kind].content.__pydantic_core_schema__)
    asked = {node["pattern"] for node in found if node["type"] == "str" and "pattern" in node}
    assert asked - OF_PATTERNS.keys() == set()


def spoilt(value: Any) -> Iterator[Any]:
    """Yield a content with one value after the other replaced by each bad one."""
    yield from BAD
    if isinstance(value, dict):
        for key, one in value.items():
            yield {name: old for name, old in value.items() if name != key}
            yield from (value | {key: bad} for bad in spoilt(one))
    elif isinstance(value, list) and value:
        yield from ([bad, *value[1:]] for bad in spoilt(value[0]))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_typed_wrongly_is_never_told_in_pydantics_words(kind: str) -> None:
    contents = read_course(BUILT_IN).questions.values()
    good = next(one for one in contents if one.kind == kind).model_dump(mode="json")
    told = 0
    for bad in spoilt(good):
        try:
            KINDS[kind].content.model_validate(bad, strict=False)
        except ValidationError as refusal:
            for error in refusal.errors():
                reason = reason_of(error)
                told += 1
                assert reason
                assert "{" not in reason
                assert error["type"] == "value_error" or error["msg"] != reason
                assert error["type"] == "value_error" or error["type"] in WORDS
    assert told > 50

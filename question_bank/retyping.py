"""A code question's content from a typed pattern, and what becomes of it when it is typed again."""

import json
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from grader.exercises.typed import Declaration, Refused, Typed, declare

OWN = ("statement", "starter", "hints", "solutions")
"""What is made from a pattern and may be changed by hand afterwards."""


@lru_cache(maxsize=32)
def _declared(declaration: str) -> Typed:
    return declare(Declaration.model_validate_json(declaration))


def declared(declaration: Declaration) -> Typed:
    """Return the exercise that a declaration makes, remembered for a while. Raises Refused."""
    return _declared(declaration.model_dump_json())


def made_content(declaration: Declaration) -> dict[str, Any]:
    """Return what a code question's content has from a declaration, as JSON. Raises Refused."""
    made = declared(declaration)
    model = {"name": "model", "told": "", "expected": ["passed"], "source": made.model}
    wrong = [
        {
            "name": one.name,
            "told": one.told,
            "expected": [one.verdict.value],
            "source": one.source,
        }
        for one in made.wrong
    ]
    return {
        "exercise": made.exercise.model_dump(mode="json"),
        "statement": made.statement,
        "starter": made.starter,
        "hints": list(made.hints),
        "solutions": [model, *wrong],
        "typed": declaration.model_dump(mode="json"),
    }


def declaration_of(content: Mapping[str, Any]) -> Declaration | None:
    """Return what a content's exercise was typed from, if it was."""
    try:
        return Declaration.model_validate_json(json.dumps(content.get("typed")))
    except ValidationError:
        return None


def changed_by_hand(content: Mapping[str, Any]) -> list[str]:
    """Return which of ``OWN`` no longer say what was made from the pattern; all without one."""
    before = declaration_of(content)
    try:
        made = made_content(before) if before else {}
    except Refused:
        made = {}
    return [key for key in OWN if (content.get(key) or None) != made.get(key)]


def retyped(
    content: Mapping[str, Any], declaration: Declaration, anew: Collection[str]
) -> dict[str, Any]:
    """Return a content with the exercise of another declaration. Raises Refused.

    What still says what was made from the former pattern is made from the new one; what was changed
    by hand stays, unless it is in ``anew``.
    """
    kept = set(changed_by_hand(content)) - set(anew)
    made = made_content(declaration)
    return dict(content) | {key: value for key, value in made.items() if key not in kept}

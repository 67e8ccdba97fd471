"""When a file says what a question says already."""

from typing import Any

from question_bank.formats.gift.weights import rounded, weight_of
from question_bank.kinds import Content
from question_bank.kinds.multi import MultiContent
from question_bank.marking.multi import usual_weights


def said(content: Content) -> Any:
    """Return what a content says: without white space around texts and weights that are usual."""
    told = _bare(content.model_dump())
    if isinstance(content, MultiContent) and _usual(content):
        told["choices"] = tuple({**choice, "weight": None} for choice in told["choices"])
    return told


def _usual(content: MultiContent) -> bool:
    return all(
        choice.weight is None or weight_of(choice.weight) == rounded(weight)
        for choice, weight in zip(content.choices, usual_weights(content.right), strict=True)
    )


def _bare(value: Any) -> Any:
    match value:
        case str():
            return value.strip()
        case tuple():
            return tuple(map(_bare, value))
        case dict():
            return {key: _bare(one) for key, one in value.items()}
    return value

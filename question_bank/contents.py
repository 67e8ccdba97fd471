"""What comes from elsewhere to be a draft: bounded in size, and of its kind's schema."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from grader.words import gettext as _
from question_bank.courses.faults import Fault, faults_of
from question_bank.kinds import KINDS
from question_bank.variants import read_content

MOST_VALUES = 5_000
MOST_CHARACTERS = 200_000
DEEPEST = 20
_MOST_TOLD = 100


class ContentRefusedError(ValueError):
    """What was sent is no content; ``faults`` say what is wrong at which key, and why."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(f"{fault.key}: {fault.reason}" for fault in faults))


def check_content(content: Mapping[str, Any]) -> None:
    """Refuse what cannot be kept, what is too much to be looked at, and what is of no kind.

    ``content`` is JSON. The size is looked at before anything else is. Raises
    ``ContentRefusedError``.
    """
    if reason := _bounded(content):
        raise ContentRefusedError([Fault("", "", reason)])
    kind = content.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        told = _("Choose one of %(kinds)s.") % {"kinds": ", ".join(KINDS)}
        raise ContentRefusedError([Fault("", "kind", told)])
    if faults := schema_faults(content):
        raise ContentRefusedError(faults)


def schema_faults(content: Mapping[str, Any]) -> list[Fault]:
    """Return what the schema of a content's kind refuses, key by key; the first hundred."""
    try:
        read_content(content)
    except ValidationError as refusal:
        return faults_of(refusal, "")[:_MOST_TOLD]
    return []


def _bounded(content: Mapping[str, Any]) -> str:
    """Say why a value is too much or cannot be kept; nothing where it can."""
    characters = 0
    for count, (value, depth) in enumerate(_within(content)):
        if depth > DEEPEST:
            return _("Values lie within one another at most %(most)d deep.") % {"most": DEEPEST}
        if count > MOST_VALUES:
            return _("A question has at most %(most)d values.") % {"most": MOST_VALUES}
        if isinstance(value, float) and not math.isfinite(value):
            return _("Numbers are finite.")
        if isinstance(value, str):
            characters += len(value)
            if not _is_storable(value):
                return _("A text holds a character that cannot be kept.")
        elif isinstance(value, int):
            characters += value.bit_length() // 3
        if characters > MOST_CHARACTERS:
            return _("A question has at most %(most)d characters.") % {"most": MOST_CHARACTERS}
    return ""


def _within(content: Mapping[str, Any]) -> Iterator[tuple[Any, int]]:
    """Yield each value and each key, with how deep it lies; without recursion."""
    waiting: list[tuple[Any, int]] = [(content, 0)]
    while waiting:
        value, depth = waiting.pop()
        yield value, depth
        if depth > DEEPEST:
            continue
        if isinstance(value, Mapping):
            waiting += ((key, depth + 1) for key in value)
            waiting += ((one, depth + 1) for one in value.values())
        elif isinstance(value, list):
            waiting += ((one, depth + 1) for one in value)


def _is_storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)

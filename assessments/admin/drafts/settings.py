"""What a design fixes or leaves to its learners, in a line: ``16``, ``0 to 32``, ``1, 2, 4``."""

import re
from collections.abc import Mapping
from typing import Any

_NUMBER = "[0-9]{1,9}"
_FIXED = re.compile(_NUMBER)
_RANGE = re.compile(rf"({_NUMBER})\s*(?:to|-|–)\s*({_NUMBER})")
_ONE_OF = re.compile(rf"{_NUMBER}(?:\s*,\s*{_NUMBER})*\s*,?")


def read_setting(text: str) -> Any:
    """Return a number, or bounds as JSON; what is neither stays as it was typed.

    A single number to choose from has a comma behind it.
    """
    text = text.strip()
    if _FIXED.fullmatch(text):
        return int(text)
    if ends := _RANGE.fullmatch(text):
        return {"least": int(ends[1]), "most": int(ends[2]), "one_of": []}
    if _ONE_OF.fullmatch(text):
        numbers = [int(number) for number in re.findall(_NUMBER, text)]
        return {"least": None, "most": None, "one_of": numbers}
    return text


def setting_text(value: Any) -> str:
    """Return the line that ``read_setting`` reads so."""
    if not isinstance(value, Mapping):
        return "" if value is None else str(value)
    numbers = value.get("one_of") or []
    if numbers:
        return ", ".join(map(str, numbers)) + ("," if len(numbers) == 1 else "")
    return f"{value.get('least')} to {value.get('most')}"

"""Signs that reading and writing agree on."""

import re
from decimal import Decimal

from question_bank.formats.gift.items import Format

CATEGORY = "$CATEGORY:"
COMMENT = "//"
TITLE = "::"
GENERAL = "####"

TRUTHS = {"TRUE": True, "T": True, "FALSE": False, "F": False}

TAG = re.compile(rf"\[({'|'.join(Format)})\]")
WEIGHT = re.compile(r"%(-?[0-9]+(?:\.[0-9]*)?)%")

# What a backslash before the character stands for. Once read, an escaped character is kept as a
# control character, which no file can hold, so that it is not taken for a sign.
_ESCAPES = {"\\": "\\", "~": "~", "=": "=", "#": "#", "{": "{", "}": "}", ":": ":", "n": "\n"}
_HIDDEN = {"\\" + name: chr(code) for code, name in enumerate(_ESCAPES, start=1)}
_SHOWN = dict(enumerate(_ESCAPES.values(), start=1))
_ESCAPED = {ord(character): "\\" + name for name, character in _ESCAPES.items()}


def hide_escapes(text: str) -> str:
    """Return the text with every escaped character hidden from whoever looks for signs.

    The text holds no control characters but tabs and line feeds.
    """
    if "\\" in text:
        # An escaped backslash escapes nothing, so it comes first.
        for escape, hidden in _HIDDEN.items():
            text = text.replace(escape, hidden)
    return text


def show_escapes(text: str) -> str:
    """Return the text with the characters that ``hide_escapes`` hid."""
    return text.translate(_SHOWN)


def escape(text: str) -> str:
    """Return the text on one line, with every character escaped that could be a sign."""
    return text.translate(_ESCAPED)


def plain_number(number: Decimal) -> str:
    """Return a number in digits, without an exponent and without zeros that say nothing."""
    digits = f"{number:f}" if number else "0"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits

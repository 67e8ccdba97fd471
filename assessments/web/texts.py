"""Texts that learners typed or printed, made fit to be shown; escaping is the template's."""

import re

_ESCAPE_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def without_controls(text: str) -> str:
    """Drop a terminal's escape sequences and show other control characters as ``�``.

    Direction overrides count as control characters: they make text read as what it is not.
    """
    return _CONTROL.sub("\ufffd", _ESCAPE_SEQUENCE.sub("", text.replace("\r\n", "\n")))


def as_field(text: str) -> str:
    """Return a text for a ``<textarea>``, which swallows a newline at its very beginning."""
    return f"\n{text}" if text.startswith("\n") else text

"""Markdown as it stands in files of its own."""

import re
from collections.abc import Iterable

from grader.words import gettext as _

_BLANK_LINES_FIRST = re.compile(r"\A(?:[ \t]*\n)+")
_BEFORE_A_HINT = re.compile(r"^(?=## )", re.MULTILINE)


def markdown(text: str) -> str:
    """Return a text without blank lines around it and with one newline at its end.

    Lines end as on Unix. Nothing else is changed; a blank text is empty.
    """
    unix = text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    return _BLANK_LINES_FIRST.sub("", unix) + "\n" if unix else ""


def hints_in(text: str) -> tuple[str, ...]:
    """Return the hints of a text, each from its heading of level 2 on.

    Raises ``ValueError`` where something stands outside them, and where there are none.
    """
    first, *hints = _BEFORE_A_HINT.split(text)
    if first.strip() or not hints:
        raise ValueError(_("each hint stands under a heading of level 2, and nothing else"))
    return tuple(hint.strip() for hint in hints)


def hints_text(hints: Iterable[str]) -> str:
    """Return the text that holds these hints."""
    return markdown("\n\n".join(hints))

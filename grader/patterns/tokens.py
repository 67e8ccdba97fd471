"""Words and signs of the text notation, and the error that points at one of them."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from grader.words import gettext as _
from grader.words import gettext_noop

MOST_CHARACTERS: Final = 400
MOST_DIGITS: Final = 10

_TOKEN = re.compile(
    r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<number>[0-9]+)|(?P<sign>//|[&|\-+*(),:])"
)
_SPACE = re.compile(r"[ \t\r\n]*")

_INSTEAD: Final = {
    "~": gettext_noop("To leave keys out, write 'all - …'."),
    "!": gettext_noop("To leave keys out, write 'all - …'."),
    "/": gettext_noop("Division is written '//' and rounds down."),
    "=": gettext_noop("Arguments are given by place, without their names."),
    ".": gettext_noop("Numbers here are whole."),
    "[": gettext_noop("Parentheses here are round; slices are written as in globals(0:4)."),
}
_OTHERWISE = gettext_noop("Patterns are combined with &, | and -.")


class PatternSyntaxError(ValueError):
    """A text that is not a pattern.

    ``text`` is the whole text, ``position`` the 0-based place of the fault, ``reason`` one or two
    sentences for the person who typed it. ``str()`` of the error shows all three, with a caret.
    """

    def __init__(self, text: str, position: int, reason: str) -> None:
        self.text = text
        self.position = position
        self.reason = reason
        super().__init__(self._picture())

    def __reduce__(self) -> tuple[type["PatternSyntaxError"], tuple[str, int, str]]:
        return type(self), (self.text, self.position, self.reason)

    def _picture(self) -> str:
        start = max(0, self.position - MOST_CHARACTERS // 2)
        shown = self.text[start : start + MOST_CHARACTERS]
        line = "".join(character if character.isprintable() else " " for character in shown)
        return f"{self.reason}\n  {line}\n  {' ' * (self.position - start)}^"


@dataclass(frozen=True)
class Token:
    """A word or sign and its 0-based place; the last one of every text is an empty ``end``."""

    kind: Literal["name", "number", "sign", "end"]
    text: str
    position: int

    def __str__(self) -> str:
        return _("the end") if self.kind == "end" else f"'{self.text}'"


# A template works the same few texts out for each of its variants.
@lru_cache(maxsize=4096)
def tokenize(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text; raise PatternSyntaxError at what is none."""
    if len(text) > MOST_CHARACTERS:
        reason = _("A pattern has at most %(most)s characters; this one has %(number)s.") % {
            "most": MOST_CHARACTERS,
            "number": f"{len(text):,}",
        }
        raise PatternSyntaxError(text, MOST_CHARACTERS, reason)
    tokens = []
    position = _skip_space(text, 0)
    while position < len(text):
        token = _token_at(text, position)
        tokens.append(token)
        position = _skip_space(text, position + len(token.text))
    return (*tokens, Token("end", "", len(text)))


def _skip_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    assert found is not None
    return found.end()


def _token_at(text: str, position: int) -> Token:
    found = _TOKEN.match(text, position)
    if found is None:
        sign = text[position]
        if sign.isprintable():
            reason = _("'%(sign)s' has no meaning in a pattern.") % {"sign": sign}
        else:
            told = {"code": f"{ord(sign):04X}"}
            reason = _("The character U+%(code)s has no meaning in a pattern.") % told
        hint = _(_INSTEAD.get(sign, _OTHERWISE))
        raise PatternSyntaxError(text, position, f"{reason} {hint}")
    if found["number"] and len(found["number"]) > MOST_DIGITS:
        reason = _("This number has %(number)s digits; %(most)s are the most.") % {
            "number": len(found["number"]),
            "most": MOST_DIGITS,
        }
        raise PatternSyntaxError(text, position, reason)
    if found["name"]:
        return Token("name", found["name"], position)
    if found["number"]:
        return Token("number", found["number"], position)
    return Token("sign", found["sign"], position)

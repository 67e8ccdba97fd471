"""A few words, compared with those that are accepted.

The form's field is ``words``. In what is accepted ``*`` stands for any text, as in Moodle and GIFT.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pydantic import Field, field_validator, model_validator

from grader.words import gettext as _
from question_bank.kinds.base import Answerable, AskedPage, Content, Level, Mark, Strict, Text
from question_bank.kinds.base import UnreadableAnswerError as Unreadable

LONGEST = 200
_STRAY = "§"


class Accepted(Strict):
    """Words that are worth something, or a wrong idea known by its words (``credit`` 0)."""

    words: str = Field(min_length=1, max_length=LONGEST)
    credit: Decimal = Field(default=Decimal(1), ge=0, le=1, max_digits=5, decimal_places=4)
    feedback: str = ""

    @field_validator("words")
    @classmethod
    def _says_something(cls, words: str) -> str:
        if not plain(words.replace("*", ""), match_case=False):
            raise ValueError(_("give some words beside *"))
        return words


class ShortContent(Content):
    """A stem and what is accepted, the first that fits counting."""

    kind: Literal["short"]
    stem: Text
    match_case: bool = False
    accepted: tuple[Accepted, ...] = Field(min_length=1)
    otherwise: str = ""

    @model_validator(mode="after")
    def _something_is_right(self) -> "ShortContent":
        if "*" in self.accepted[0].words or self.accepted[0].credit != 1:
            raise ValueError(_("the first of what is accepted is the full answer, without *"))
        return self

    def samples(self) -> dict[Level, str]:
        """Return the full answer, one that earns a part where there is one, and a stray sign."""
        found: dict[Level, str] = {"full": self.accepted[0].words, "zero": _STRAY}
        some = (one for one in self.accepted if 0 < one.credit < 1)
        first = next(some, None)
        if first is not None:
            found["partial"] = first.words.replace("*", "")
        return found


@dataclass(frozen=True)
class ShortPage(AskedPage):
    """The stem."""

    marked: str


class ShortVariant(Answerable):
    """The question; nothing in it is drawn."""

    fields = ("words",)

    def __init__(self, content: ShortContent, seed: int) -> None:  # noqa: ARG002
        self._content = content
        self.explanation = content.explanation
        self.page = ShortPage(
            kind=content.kind,
            title=content.title,
            stem=content.stem,
            marked=_("Capitals count, and spaces do not.")
            if content.match_case
            else _("Capitals do not count, and spaces do not."),
        )

    def mark(self, answer: Mapping[str, str]) -> Mark:
        """Mark the words; the first accepted ones that they fit decide."""
        given = " ".join(answer.get("words", "").split())
        if not given:
            raise Unreadable(_("Write your answer, then check it."))
        if len(given) > LONGEST:
            raise Unreadable(_("Answer in at most %(longest)s characters.") % {"longest": LONGEST})
        content = self._content
        found = next((one for one in content.accepted if self._fits(one.words, given)), None)
        credit, feedback = (found.credit, found.feedback) if found else (Decimal(0), "")
        if credit < 1:
            feedback = feedback or content.otherwise
        right = verbatim(content.accepted[0].words)
        return Mark(credit, verbatim(given), right, feedback)

    def typed(self, text: str) -> dict[str, str]:
        """Return the form with the words."""
        return {"words": text}

    def _fits(self, words: str, given: str) -> bool:
        case = self._content.match_case
        # Spaces beside a star belong to any text that it stands for.
        parts = [plain(part, match_case=case) for part in words.split("*")]
        return _in_order(parts, plain(given, match_case=case))


def _in_order(parts: list[str], text: str) -> bool:
    """Tell whether a text is these parts with any text between them, in time linear in both."""
    if len(parts) == 1:
        return text == parts[0]
    first, *middle, last = parts
    if not text.startswith(first):
        return False
    at = len(first)
    for part in middle:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return text.endswith(last) and at <= len(text) - len(last)


def verbatim(text: str) -> str:
    """Return Markdown that shows a text as it is."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def plain(text: str, *, match_case: bool) -> str:
    """Return words as they are compared: one form of each character, single spaces."""
    whole = " ".join(unicodedata.normalize("NFKC", text).split())
    return whole if match_case else whole.casefold()

"""One right choice among several, shown in an order drawn from the seed.

The form's field is ``choice``: the place, from 0, at which the chosen one was shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import Field, model_validator

from grader.words import gettext as _
from question_bank.draws import Draws
from question_bank.kinds.base import (
    Answerable,
    AskedPage,
    Content,
    Level,
    Mark,
    Strict,
    Text,
    listed_numbers,
)
from question_bank.kinds.base import UnreadableAnswerError as Unreadable


class Choice(Strict):
    """One choice: a line of Markdown, and what is said to whoever takes it."""

    text: Text
    correct: bool
    feedback: str


class ChoiceContent(Content):
    """A stem and its choices, exactly one of them right."""

    kind: Literal["choice"]
    stem: Text
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=12)

    @model_validator(mode="after")
    def _one_is_right(self) -> "ChoiceContent":
        right = sum(choice.correct for choice in self.choices)
        if right != 1:
            raise ValueError(_("exactly one choice is correct, not %(right)s") % {"right": right})
        return self

    def samples(self) -> dict[Level, str]:
        """Return the right choice and a wrong one, by number as written."""
        correct = [choice.correct for choice in self.choices]
        return {"full": str(correct.index(True) + 1), "zero": str(correct.index(False) + 1)}

    def chance(self) -> Fraction:
        """Return one in the number of choices."""
        return Fraction(1, len(self.choices))


@dataclass(frozen=True)
class ChoicePage(AskedPage):
    """The stem and the choices as shown; a choice's key is its place."""

    choices: tuple[str, ...]


class ChoiceVariant(Answerable):
    """The choices in one order."""

    fields = ("choice",)

    def __init__(self, content: ChoiceContent, seed: int) -> None:
        places = Draws(seed, "choice").shuffled(range(len(content.choices)))
        self._places = places
        self._shown = [content.choices[place] for place in places]
        self.explanation = content.explanation
        self.page = ChoicePage(
            kind=content.kind,
            title=content.title,
            stem=content.stem,
            choices=tuple(choice.text for choice in self._shown),
        )

    def mark(self, answer: Mapping[str, str]) -> Mark:
        """Mark the choice taken."""
        place = answer.get("choice", "")
        places = {str(place): choice for place, choice in enumerate(self._shown)}
        if place not in places:
            raise Unreadable(_("Choose one of the answers, then check it."))
        taken = places[place]
        right = next(choice for choice in self._shown if choice.correct)
        return Mark(Decimal(taken.correct), taken.text, right.text, taken.feedback)

    def typed(self, text: str) -> dict[str, str]:
        """Return the form of a choice named by its number as written, from 1."""
        chosen = listed_numbers(text, len(self._places))
        if len(chosen) != 1:
            raise Unreadable(_("Name one choice by its number."))
        return {"choice": str(self._places.index(chosen[0]))}

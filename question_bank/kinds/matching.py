"""Premises, each with one of the options that stand beside them.

The form has a field for each premise, by its place as shown: ``match-0`` and so on; its value is
the place of an option as shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
    as_credit,
    listed_numbers,
)
from question_bank.kinds.base import UnreadableAnswerError as Unreadable

Marking = Literal["each", "all-or-nothing"]


class Pair(Strict):
    """A premise, the option that fits it, and what is said to whoever gives it another."""

    premise: Text
    option: Text
    feedback: str


class MatchingContent(Content):
    """A stem and its pairs; ``distractors`` are options that fit nothing.

    An option may fit several premises: it is shown once.
    """

    kind: Literal["matching"]
    stem: Text
    marking: Marking = "each"
    pairs: tuple[Pair, ...] = Field(min_length=2, max_length=12)
    distractors: tuple[Text, ...] = Field(default=(), max_length=6)

    @model_validator(mode="after")
    def _options_differ(self) -> "MatchingContent":
        premises = [pair.premise for pair in self.pairs]
        if len(set(premises)) < len(premises):
            raise ValueError(_("two premises are the same"))
        if len(self.options) < len(set(self.distractors)) + 2:
            raise ValueError(_("give two options that differ, and distractors that fit no premise"))
        if len(set(self.distractors)) < len(self.distractors):
            raise ValueError(_("two distractors are the same"))
        return self

    @property
    def options(self) -> tuple[str, ...]:
        """Every option once."""
        return tuple(dict.fromkeys([*(pair.option for pair in self.pairs), *self.distractors]))

    def samples(self) -> dict[Level, str]:
        """Return the options of the pairs by number, and the next one for the first or for all."""
        right = [self.options.index(pair.option) for pair in self.pairs]
        wrong = [(place + 1) % len(self.options) for place in right]
        answers: dict[Level, list[int]] = {"full": right, "zero": wrong}
        if self.marking == "each":
            answers["partial"] = [wrong[0], *right[1:]]
        return {
            level: ", ".join(str(place + 1) for place in places)
            for level, places in answers.items()
        }

    def chance(self) -> Fraction:
        """Return what options taken at random, each by itself, earn."""
        one = Fraction(1, len(self.options))
        return one if self.marking == "each" else one ** len(self.pairs)


@dataclass(frozen=True)
class MatchingPage(AskedPage):
    """The stem, premises and options as shown; ``marked`` says how."""

    premises: tuple[str, ...]
    options: tuple[str, ...]
    marked: str


class MatchingVariant(Answerable):
    """Premises and options, each in an order of its own."""

    def __init__(self, content: MatchingContent, seed: int) -> None:
        draws = Draws(seed, "matching")
        self._marking = content.marking
        self._written = content
        self._pairs = draws.shuffled(content.pairs)
        self._options = draws.shuffled(content.options)
        self.fields = tuple(f"match-{place}" for place in range(len(self._pairs)))
        self.explanation = content.explanation
        self.page = MatchingPage(
            kind=content.kind,
            title=content.title,
            stem=content.stem,
            premises=tuple(pair.premise for pair in self._pairs),
            options=tuple(self._options),
            marked=(
                _("Each of the %(number)s lines counts alike.") % {"number": len(self._pairs)}
                if content.marking == "each"
                else _("Full credit where every line is right, none otherwise.")
            ),
        )

    def mark(self, answer: Mapping[str, str]) -> Mark:
        """Mark the option given to each premise."""
        given = [self._option(answer.get(field, "")) for field in self.fields]
        right = [pair.option == option for pair, option in zip(self._pairs, given, strict=True)]
        share = Fraction(sum(right), len(right))
        return Mark(
            as_credit(share if self._marking == "each" or share == 1 else Fraction(0)),
            _lines(zip((pair.premise for pair in self._pairs), given, strict=True)),
            _lines((pair.premise, pair.option) for pair in self._pairs),
            "\n".join(self._said(given)),
        )

    def typed(self, text: str) -> dict[str, str]:
        """Return the form for options named by number, one for each pair as written.

        Options are numbered as they first stand in the pairs, then the distractors.
        """
        written, options = self._written.pairs, self._written.options
        chosen = listed_numbers(text, len(options))
        if len(chosen) != len(written):
            raise Unreadable(
                _("Name %(number)s options by number, one for each pair.")
                % {"number": len(written)}
            )
        return {
            f"match-{self._pairs.index(pair)}": str(self._options.index(options[place]))
            for pair, place in zip(written, chosen, strict=True)
        }

    def _option(self, place: str) -> str:
        if not place:
            raise Unreadable(_("Give every line an answer, then check them."))
        places = {str(place): option for place, option in enumerate(self._options)}
        if place not in places:
            raise Unreadable(_("Choose from the answers that are offered, then check them."))
        return places[place]

    def _said(self, given: list[str]) -> Iterator[str]:
        for pair, option in zip(self._pairs, given, strict=True):
            if option != pair.option:
                yield f"- **{pair.premise}** – {option}: {pair.feedback}"


def _lines(pairs: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{premise} – {option}" for premise, option in pairs)

"""Several right choices among more, marked by one of six schemes.

The form has a box for each choice, named by the place at which it is shown: ``choice-0`` and so on.
"""

from collections.abc import Iterable, Iterator, Mapping
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
    Text,
    as_credit,
    listed_numbers,
)
from question_bank.kinds.base import UnreadableAnswerError as Unreadable
from question_bank.kinds.choice import Choice
from question_bank.marking import multi as scheme
from question_bank.marking.multi import Guessing, Scheme, Ticks, how_marked

_TICKED = "on"


class Option(Choice):
    """One choice; its feedback is for whoever decides wrongly about it, whichever way.

    ``weight`` is what ticking it adds where weights are marked by: a share of the credit.
    """

    weight: Decimal | None = Field(default=None, ge=-1, le=1)


class MultiContent(Content):
    """A stem and its choices, at least one right and one wrong."""

    kind: Literal["multi"]
    stem: Text
    marking: Scheme
    choices: tuple[Option, ...] = Field(min_length=2, max_length=scheme.MOST_CHOICES)

    @model_validator(mode="after")
    def _some_of_each(self) -> "MultiContent":
        if len({choice.correct for choice in self.choices}) == 1:
            raise ValueError(_("at least one choice is correct and at least one is not"))
        return self

    @model_validator(mode="after")
    def _weights_where_they_count(self) -> "MultiContent":
        given = [choice.weight is not None for choice in self.choices]
        if any(given) and self.marking != "weights":
            raise ValueError(_("weights are given only with marking: weights"))
        if any(given) and not all(given):
            raise ValueError(_("give every choice a weight, or none"))
        if any(given) and scheme.credit("weights", self.ticks(self.right)) != 1:
            raise ValueError(_("the weights of the correct choices add up to 1 or more"))
        return self

    @property
    def right(self) -> tuple[bool, ...]:
        """Which choices are right."""
        return tuple(choice.correct for choice in self.choices)

    def ticks(self, ticked: tuple[bool, ...]) -> Ticks:
        """Return what was ticked, in the order of the choices, as it is marked."""
        given = [choice.weight for choice in self.choices if choice.weight is not None]
        weights = tuple(map(Fraction, given)) or scheme.usual_weights(self.right)
        return Ticks(self.right, ticked, weights)

    def samples(self) -> dict[Level, str]:
        """Return the right choices, one choice too few or too many, and the wrong ones."""
        right = self.right
        wrong = tuple(not one for one in right)
        found: dict[Level, str] = {"full": _numbers(right)}
        for ticked in (wrong, *_one_changed(right), *_one_changed((False,) * len(right))):
            share = scheme.credit(self.marking, self.ticks(ticked))
            level: Level = "zero" if share == 0 else "full" if share == 1 else "partial"
            if any(ticked):
                found.setdefault(level, _numbers(ticked))
        return found

    def chance(self) -> Fraction:
        """Return what ticking at random earns by the question's scheme."""
        return self.guessing().at_random

    def guessing(self) -> Guessing:
        """Return what an author should know: what guessing earns."""
        return scheme.guessing(self.marking, self.right, self.ticks(self.right).weights)


@dataclass(frozen=True)
class MultiPage(AskedPage):
    """The stem and the choices as shown; ``marked`` says how."""

    choices: tuple[str, ...]
    marked: str


class MultiVariant(Answerable):
    """The choices in one order."""

    def __init__(self, content: MultiContent, seed: int) -> None:
        self._content = content
        # Places among the content's choices, in the order shown.
        self._shown = Draws(seed, "multi").shuffled(range(len(content.choices)))
        self.fields = tuple(f"choice-{place}" for place in range(len(self._shown)))
        self.explanation = content.explanation
        self.page = MultiPage(
            kind=content.kind,
            title=content.title,
            stem=content.stem,
            choices=tuple(content.choices[place].text for place in self._shown),
            marked=how_marked(content.marking, len(content.choices)),
        )

    def mark(self, answer: Mapping[str, str]) -> Mark:
        """Mark the boxes that are ticked; whoever ticks none is asked to."""
        given = {field: answer[field] for field in self.fields if field in answer}
        if not given:
            raise Unreadable(_("Tick at least one answer, then check it."))
        if set(given.values()) != {_TICKED}:
            raise Unreadable(_("Tick the boxes of the answers, then check them."))
        taken = {
            place for field, place in zip(self.fields, self._shown, strict=True) if field in given
        }
        choices = self._content.choices
        ticked = tuple(place in taken for place in range(len(choices)))
        credit = scheme.credit(self._content.marking, self._content.ticks(ticked))
        return Mark(
            as_credit(credit),
            _listed(choices[place] for place in self._shown if ticked[place]),
            _listed(choices[place] for place in self._shown if choices[place].correct),
            "\n".join(self._said(ticked)),
        )

    def typed(self, text: str) -> dict[str, str]:
        """Return the form with the choices ticked that are named by their numbers, from 1."""
        chosen = listed_numbers(text, len(self._shown))
        return {f"choice-{self._shown.index(place)}": _TICKED for place in chosen}

    def _said(self, ticked: tuple[bool, ...]) -> Iterator[str]:
        """Yield a line for each choice that was decided wrongly, in the order shown."""
        for place in self._shown:
            choice = self._content.choices[place]
            if choice.correct != ticked[place]:
                decided = _("Ticked, and wrong") if ticked[place] else _("Right, and not ticked")
                yield f"- **{decided}:** {choice.text} – {choice.feedback}"


def _one_changed(ticked: tuple[bool, ...]) -> Iterator[tuple[bool, ...]]:
    for place in range(len(ticked)):
        yield (*ticked[:place], not ticked[place], *ticked[place + 1 :])


def _numbers(ticked: tuple[bool, ...]) -> str:
    return ", ".join(str(number) for number, one in enumerate(ticked, start=1) if one)


def _listed(choices: Iterable[Option]) -> str:
    return "; ".join(choice.text for choice in choices)

"""One scenario and several questions about it, answered and marked together.

The form has the fields of each part, with ``part-0-`` and so on before their names.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from grader.words import gettext
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
    at,
)
from question_bank.kinds.base import UnreadableAnswerError as Unreadable
from question_bank.kinds.choice import ChoiceContent, ChoiceVariant
from question_bank.kinds.essay import EssayContent, EssayVariant
from question_bank.kinds.matching import MatchingContent, MatchingVariant
from question_bank.kinds.multi import MultiContent, MultiVariant
from question_bank.kinds.numeric import NumericContent, NumericVariant
from question_bank.kinds.ordering import OrderingContent, OrderingVariant
from question_bank.kinds.short import ShortContent, ShortVariant
from question_bank.kinds.writing import Written

_SEEDS = 2**63

PartContent = Annotated[
    ChoiceContent
    | MultiContent
    | MatchingContent
    | NumericContent
    | OrderingContent
    | ShortContent
    | EssayContent,
    Field(discriminator="kind"),
]
_VARIANTS = {
    "choice": ChoiceVariant,
    "multi": MultiVariant,
    "matching": MatchingVariant,
    "numeric": NumericVariant,
    "ordering": OrderingVariant,
    "short": ShortVariant,
    "essay": EssayVariant,
}


class Part(Strict):
    """One question on the scenario; ``points`` weigh it against the others."""

    points: int = Field(default=1, ge=1, le=100)
    question: PartContent


class CaseContent(Content):
    """A scenario as the stem, and its parts in order."""

    kind: Literal["case"]
    stem: Text
    parts: tuple[Part, ...] = Field(min_length=2, max_length=6)

    def samples(self) -> dict[Level, str]:
        """Return a line for each part: as good as can be, and as bad.

        Where a part waits for a person, nothing earns all yet.
        """
        parts = [part.question.samples() for part in self.parts]
        good = [part.get("full", part.get("zero", "")) for part in parts]
        bad = [part.get("zero", "") for part in parts]
        found: dict[Level, str] = {}
        if all(good):
            all_known = all("full" in part for part in parts)
            found["full" if all_known else "partial"] = "\n".join(good)
        if all(bad):
            found["zero"] = "\n".join(bad)
        if all(good) and all(bad) and "full" in parts[0]:
            found["partial"] = "\n".join([good[0], *bad[1:]])
        return found

    def chance(self) -> Fraction:
        """Return what chance earns at each part, weighed by its points."""
        weighed = (part.points * part.question.chance() for part in self.parts)
        return sum(weighed, Fraction(0)) / sum(part.points for part in self.parts)


@dataclass(frozen=True)
class CasePage(AskedPage):
    """The scenario and the pages of its parts; ``marked`` says how they add up."""

    parts: tuple[AskedPage, ...]
    marked: str


def part_seeds(parts: int, seed: int) -> list[int]:
    """Return the seed of each of so many parts of a case that has a seed."""
    draws = Draws(seed, "case")
    return [draws.below(_SEEDS) for _ in range(parts)]


def prefix(place: int) -> str:
    """Return what stands before the names of a part's fields."""
    return f"part-{place}-"


class CaseVariant(Answerable):
    """The scenario with the variant of each part that the seed draws."""

    def __init__(self, content: CaseContent, seed: int) -> None:
        seeds = part_seeds(len(content.parts), seed)
        self._points = [part.points for part in content.parts]
        self._parts: list[Answerable] = []
        for place, part in enumerate(content.parts):
            with at(f"parts.{place}"):
                make = _VARIANTS[part.question.kind]
                self._parts.append(make(part.question, seeds[place]))
        self.fields = tuple(
            prefix(place) + field for place, part in enumerate(self._parts) for field in part.fields
        )
        self.written = tuple(self._texts())
        self.explanation = "\n\n".join(
            [content.explanation, *(f"**{n}.** {part.explanation}" for n, part in self._numbered())]
        )
        self.page = CasePage(
            kind=content.kind,
            title=content.title,
            stem=content.stem,
            parts=tuple(part.page for part in self._parts),
            marked=_how_marked(self._points),
        )

    def _numbered(self) -> list[tuple[int, Answerable]]:
        return list(enumerate(self._parts, start=1))

    def mark(self, answer: Mapping[str, str]) -> Mark:
        """Mark every part; where one cannot be read, none is. What waits is weighed alike."""
        marks = [self._mark_of(place, answer) for place in range(len(self._parts))]
        earned = self._weighed(mark.fraction for mark in marks)
        hoped = self._weighed(mark.fraction + mark.waits for mark in marks)
        return Mark(
            earned,
            _listed(mark.given for mark in marks),
            _listed(mark.right for mark in marks),
            "\n\n".join(f"**{n}.** {_said(mark)}" for n, mark in enumerate(marks, start=1)),
            # Rounded by itself it could make more than 1 with what is earned.
            waits=hoped - earned,
        )

    def typed(self, text: str) -> dict[str, str]:
        """Return the form for a line for each part, as its author writes an answer to it."""
        lines = text.splitlines()
        if len(lines) != len(self._parts):
            raise Unreadable(
                gettext("Write %(number)s lines, one for each question.")
                % {"number": len(self._parts)}
            )
        return {
            prefix(place) + name: value
            for place, (part, line) in enumerate(zip(self._parts, lines, strict=True))
            for name, value in part.typed(line).items()
        }

    def _texts(self) -> Iterator[Written]:
        """Return the texts of the parts, each with its share of the whole mark."""
        for place, (part, points) in enumerate(zip(self._parts, self._points, strict=True)):
            for text in part.written:
                yield replace(
                    text,
                    field=prefix(place) + text.field,
                    share=text.share * Fraction(points, sum(self._points)),
                    stem=part.page.stem,
                )

    def _weighed(self, shares: Iterable[Decimal]) -> Decimal:
        weighed = (
            Fraction(share) * points for share, points in zip(shares, self._points, strict=True)
        )
        return as_credit(sum(weighed, Fraction(0)) / sum(self._points))

    def _mark_of(self, place: int, answer: Mapping[str, str]) -> Mark:
        before = prefix(place)
        own = {
            name.removeprefix(before): value
            for name, value in answer.items()
            if name.startswith(before)
        }
        try:
            return self._parts[place].mark(own)
        except Unreadable as fault:
            raise Unreadable(
                gettext("Question %(place)s: %(fault)s") % {"place": place + 1, "fault": fault}
            ) from fault

    def rehearse(self) -> None:
        """Rehearse every part; raises ``ContentError``."""
        for part in self._parts:
            part.rehearse()


def _how_marked(points: list[int]) -> str:
    if len(set(points)) == 1:
        return gettext("The %(number)s questions count alike.") % {"number": len(points)}
    shares = ", ".join(
        gettext("question %(n)s: %(count)s") % {"n": n, "count": count}
        for n, count in enumerate(points, start=1)
    )
    return gettext("Points of %(points)s: %(shares)s.") % {"points": sum(points), "shares": shares}


def _listed(texts: Iterable[str]) -> str:
    return " ".join(f"({n}) {text}" for n, text in enumerate(texts, start=1))


def _said(mark: Mark) -> str:
    if mark.fraction == 1:
        return (gettext("Right. %(feedback)s") % {"feedback": mark.feedback}).strip()
    if mark.waits:
        return (gettext("Not marked yet. %(feedback)s") % {"feedback": mark.feedback}).strip()
    # What a part lists begins a block of its own.
    return (gettext("Not yet.\n\n%(feedback)s") % {"feedback": mark.feedback}).strip()

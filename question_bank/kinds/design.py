"""A design of an attention stack under a load: figures, requirements, and a justification.

The form has a field for each of ``design_form.NAMES`` that the learner sets, and ``text`` where a
justification is asked for. Figures come from ``grader.costs`` alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.words import gettext, ngettext
from question_bank.kinds.base import (
    Answerable,
    AskedPage,
    Mark,
    UnreadableAnswerError,
    as_credit,
    at,
)
from question_bank.kinds.design_content import Constraint, DesignContent, Example
from question_bank.kinds.design_figures import Figures, Load, Requirement
from question_bank.kinds.design_form import Design, Desk, UnreadableDesignError, Values
from question_bank.kinds.writing import Writing, Written


@dataclass(frozen=True)
class DesignPage(AskedPage):
    """The stem, the form with what it begins with, and the requirements; ``marked`` is Markdown."""

    desk: Desk
    load: Load
    start: Values
    requirements: tuple[Requirement, ...]
    marked: str
    writing: Writing | None


class DesignVariant(Answerable):
    """The question; nothing in it is drawn."""

    def __init__(self, content: DesignContent, seed: int) -> None:  # noqa: ARG002
        self._content = content
        self._desk, self._load = content.desk, content.load
        asked = content.justification
        self._writing = Writing(asked.words, asked.rubric) if asked else None
        self._share = Fraction(asked.share if asked else 0)
        if self._writing:
            self.written = (Written("text", self._share, self._writing),)
        with at("start"):
            self._start = self._read(content.start)
        self._examples: list[tuple[Example, Design]] = []
        for place, example in enumerate(content.designs):
            with at(f"designs.{place}"):
                self._examples.append((example, self._read(example.values)))
        self.fields = (*content.form.open(), *(["text"] if asked else []))
        self.explanation = f"{content.explanation}\n\n{self._table()}"
        self.page = DesignPage(
            kind=content.kind,
            title=content.title,
            stem=content.stem,
            desk=self._desk,
            load=self._load,
            start=content.start,
            requirements=tuple(
                Requirement(**one.model_dump(exclude={"feedback"})) for one in content.constraints
            ),
            marked=_how_marked(content, self._writing),
            writing=self._writing,
        )

    def mark(self, answer: Mapping[str, str]) -> Mark:
        """Mark the design by the requirements; the justification's share waits for a person."""
        design = self._desk.read(answer)
        failed = self._failed(design)
        said = self._said(design, failed)
        if self._writing:
            number = self._writing.read(answer.get("text", ""))
            said.append(
                ngettext(
                    "Your justification of %(number)s word is kept; a person marks it by the"
                    " rubric.",
                    "Your justification of %(number)s words is kept; a person marks it by the"
                    " rubric.",
                    number,
                )
                % {"number": f"{number:,}"}
            )
        decided = (1 - self._share) * self._met(len(failed))
        fraction = as_credit(decided)
        return Mark(
            fraction=fraction,
            given=design.words,
            right=gettext("a design that meets all %(number)s requirements")
            % {"number": len(self._content.constraints)},
            feedback="\n\n".join(said),
            waits=as_credit(decided + self._share) - fraction,
        )

    def typed(self, text: str) -> dict[str, str]:
        """Return the form of one of the question's designs, by its name, with some words."""
        named = {example.name: example.values for example, _ in self._examples}
        if text.strip() not in named:
            raise UnreadableAnswerError(
                gettext("There is no design %(text)s.") % {"text": f"{text.strip()!r}"}
            )
        words = {"text": " ".join(["word"] * self._writing.words.least)} if self._writing else {}
        return named[text.strip()].as_answer() | words

    def rehearse(self) -> None:
        """Try every design that the author names; raises ``ContentError``."""
        with at("start"):
            if not self._failed(self._start):
                raise ValueError(
                    gettext("what the form begins with meets all requirements already")
                )
        for place, (example, design) in enumerate(self._examples):
            failed = [one.key for one in self._failed(design)]
            with at(f"designs.{place}.fails"):
                if sorted(failed) != sorted(example.fails):
                    told = ", ".join(failed) or "nothing"
                    raise ValueError(
                        gettext("%(name)s fails %(told)s")
                        % {"name": f"{example.name!r}", "told": told}
                    )

    def _read(self, values: Values) -> Design:
        """Return an author's design; raises ValueError."""
        given = values.as_answer()
        unknown = given.keys() - self._content.form.open().keys()
        if unknown:
            raise ValueError(
                gettext("the form has no %(unknown)s to set")
                % {"unknown": ", ".join(sorted(unknown))}
            )
        try:
            return self._desk.read(given)
        except UnreadableDesignError as fault:
            told = "; ".join(f"{name}: {reason}" for name, reason in fault.faults.items())
            raise ValueError(told) from fault

    def _failed(self, design: Design) -> list[Constraint]:
        figures = Figures(design, self._load)
        return [
            one for one in self._content.constraints if not one.is_met(figures.value(one.quantity))
        ]

    def _met(self, failed: int) -> Fraction:
        if self._content.marking == "all-or-nothing":
            return Fraction(not failed)
        return 1 - Fraction(failed, len(self._content.constraints))

    def _said(self, design: Design, failed: Sequence[Constraint]) -> list[str]:
        total = len(self._content.constraints)
        if not failed:
            return [gettext("Your design meets all %(total)s requirements.") % {"total": total}]
        figures = Figures(design, self._load)
        said = [
            gettext("Your design meets %(met)s of %(total)s requirements.")
            % {"met": total - len(failed), "total": total}
        ]
        for one in failed:
            value = one.words(figures.value(one.quantity))
            said.append(
                gettext("**%(title)s**: %(value)s; required: %(bound_words)s. %(feedback)s")
                % {
                    "title": one.title,
                    "value": value,
                    "bound_words": one.bound_words,
                    "feedback": one.feedback,
                }
            )
        return said + self._of_a_tempting_one(design, {one.key for one in failed})

    def _of_a_tempting_one(self, design: Design, failed: set[str]) -> list[str]:
        """Return what is said to the first tempting design that this one is like, if to any."""
        for example, tempting in self._examples:
            same = example.known_by or self._content.form.open()
            alike = all(getattr(design, name) == getattr(tempting, name) for name in same)
            if example.fails and alike and failed.issuperset(example.fails):
                return [example.feedback]
        return []

    def _table(self) -> str:
        """Return the author's designs and what they come to, those that pass first."""
        constraints = self._content.constraints
        lines = [
            [gettext("Design"), *(_cell(one.title) for one in constraints)],
            ["---"] * (len(constraints) + 1),
            [gettext("required"), *(one.bound_words for one in constraints)],
        ]
        for example, design in sorted(self._examples, key=lambda one: bool(one[0].fails)):
            figures = Figures(design, self._load)
            shown = (_told(one, figures) for one in constraints)
            lines.append([f"**{_cell(example.name)}**: {design.words}", *shown])
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _told(constraint: Constraint, figures: Figures) -> str:
    value = figures.value(constraint.quantity)
    return f"{'✓' if constraint.is_met(value) else '✕'} {constraint.words(value)}"


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def _how_marked(content: DesignContent, writing: Writing | None) -> str:
    """Return the formula of the mark with a sentence, as Markdown."""
    total = len(content.constraints)
    if content.marking == "each":
        share, words = (
            rf"\frac{{r}}{{{total}}}",
            gettext("with $r$ of the %(total)s requirements met") % {"total": total},
        )
    else:
        share, words = (
            "r",
            gettext("with $r = 1$ if all %(total)s requirements are met, else 0")
            % {"total": total},
        )
    asked = content.justification
    if asked is None or writing is None:
        return gettext("Your mark is $%(share)s$, %(words)s.") % {"share": share, "words": words}
    whole = rf"{1 - asked.share} \cdot {share} + {asked.share} \cdot \frac{{j}}{{{writing.points}}}"
    points = gettext("$j$ of the %(points)s points for the justification") % {
        "points": writing.points
    }
    return gettext("Your mark is $%(whole)s$, %(words)s and %(points)s.") % {
        "whole": whole,
        "words": words,
        "points": points,
    }

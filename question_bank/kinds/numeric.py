"""A number: computed by ``grader.patterns`` or ``grader.costs`` from values drawn, or typed.

The form's field is ``number``. ``content/FORMAT.md`` says what a question's file may hold.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Literal

from pydantic import Field, field_validator, model_validator

from grader.contract import Identifier
from grader.patterns import evaluate
from grader.words import gettext as _
from question_bank.draws import Draws
from question_bank.kinds.asked import Answer, Quantity, Typed
from question_bank.kinds.base import Answerable, AskedPage, Content, Level, Mark, Strict, Text, at
from question_bank.kinds.base import UnreadableAnswerError as Unreadable
from question_bank.kinds.costs import Expression
from question_bank.marking.tolerances import Rule, bounds, leading_place, within
from question_bank.numbers import UnreadableNumberError, read_measure, read_number
from question_bank.units import DIMENSIONS, UNITS, Unit, neighbours

RESERVED = frozenset({"answer", "keys", "given"})

# What is open ends at the next opening, so that looking for the end takes time linear in the text.
PLACE = re.compile(r"\[\[((?:(?!\[\[|\]\]).)+)\]\]")
_AN_EDGE_IN = 4
_FIGURES_SHOWN = 4


class Parameter(Strict):
    """A name and how it is drawn: one of ``values``, or from ``low`` to ``high``.

    One draw in four takes one of the ``edges`` instead, where there are some.
    """

    name: Identifier
    values: tuple[Expression, ...] = ()
    low: Expression | None = None
    high: Expression | None = None
    edges: tuple[Expression, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> "Parameter":
        bounds = (self.low is not None) + (self.high is not None)
        if bounds != (0 if self.values else 2) or (self.values and self.edges):
            raise ValueError(_("give either values, or low and high and perhaps edges"))
        return self

    def draw(self, draws: Draws, names: Mapping[str, int]) -> int:
        """Return a value; expressions are over ``names``."""
        if self.low is None or self.high is None:
            return evaluate(draws.choice(self.values), names)
        if self.edges and draws.below(_AN_EDGE_IN) == 0:
            return evaluate(draws.choice(self.edges), names)
        return draws.between(evaluate(self.low, names), evaluate(self.high, names))


class Misconception(Strict):
    """A wrong idea, known by the number it leads to."""

    name: Text
    feedback: Text
    value: Expression | None = None
    pattern: Text | None = None
    answer: Answer | None = None

    @model_validator(mode="after")
    def _one_value(self) -> "Misconception":
        if (self.value is not None) == (self.pattern is not None or self.answer is not None):
            raise ValueError(_("give either value, or pattern or answer or both"))
        return self


class Tolerance(Strict):
    """How far a number may be off: a rule of ``question_bank.marking.tolerances`` and its size."""

    rule: Rule
    size: Decimal = Field(gt=0)

    @model_validator(mode="after")
    def _whole_figures(self) -> "Tolerance":
        if self.rule == "figures" and self.size not in range(1, 10):
            raise ValueError(_("figures are 1 to 9"))
        return self


class NumericContent(Content):
    """A stem with places for parameters, and what answers it.

    ``unit`` is the one that is asked for; without it the answer is marked exactly, unless there is
    a ``tolerance``. A typed number has no parameters, no pattern and no unit. ``if_right`` is said
    to whoever gives the right number, ``otherwise`` to whoever gives one that nobody thought of.

    The parameters are a list: they are drawn in this order, which a JSON object need not keep.
    """

    kind: Literal["numeric"]
    stem: Text
    parameters: tuple[Parameter, ...] = ()
    pattern: Text | None = None
    answer: Answer
    unit: str | None = None
    tolerance: Tolerance | None = None
    misconceptions: tuple[Misconception, ...] = ()
    otherwise: str = ""
    if_right: str = ""

    @model_validator(mode="after")
    def _unit_of_the_answer(self) -> "NumericContent":
        dimension = self.answer.cost.dimension if self.answer.cost else ""
        if self.unit is not None and self.unit not in UNITS:
            raise ValueError(_("unit is one of %(units)s") % {"units": ", ".join(UNITS)})
        measured = UNITS[self.unit].dimension if self.unit else ""
        if measured != dimension:
            raise ValueError(
                _("the answer is in a unit of %(dimension)s")
                % {"dimension": _(DIMENSIONS[dimension])}
                if dimension
                else _("the answer is a number without a unit")
            )
        if self.unit and self.tolerance is None:
            raise ValueError(_("an answer with a unit needs a tolerance"))
        if self.answer.ratio is not None and self.tolerance is None:
            raise ValueError(_("a ratio needs a tolerance"))
        if (self.pattern is not None) != self.answer.counts:
            raise ValueError(_("a count is of a pattern, and what is no count is of none"))
        if self.answer.number is not None and self.parameters:
            raise ValueError(_("a typed number has no parameters: every learner gets the same one"))
        return self

    @field_validator("parameters")
    @classmethod
    def _names_are_free(cls, parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        names = [parameter.name for parameter in parameters]
        taken = RESERVED.intersection(names)
        if taken:
            raise ValueError(
                _("a parameter cannot be called %(taken)s") % {"taken": ", ".join(sorted(taken))}
            )
        if len(set(names)) < len(names):
            raise ValueError(_("two parameters have the same name"))
        return parameters

    def samples(self) -> dict[Level, str]:
        """Return the right answer, and a number that nothing counts to or that is too large."""
        number = self.answer.number
        if number is None:
            return {"full": "[[answer]]", "zero": "-1"}
        right = Fraction(number)
        reach = self.tolerance and bounds(self.tolerance.rule, Fraction(self.tolerance.size), right)
        largest = reach[1] if reach else right
        return {"full": "[[answer]]", "zero": str(math.floor(largest) + 1)}


@dataclass(frozen=True)
class NumericPage(AskedPage):
    """The stem with its values, the unit that is asked for, and how exact the answer has to be."""

    unit: str
    marked: str


def draw_names(content: NumericContent, seed: int) -> dict[str, int]:
    """Return the parameters' values. Raises ``ContentError``."""
    draws, names = Draws(seed, "numeric"), dict[str, int]()
    for parameter in content.parameters:
        with at(f"parameters.{parameter.name}"):
            names[parameter.name] = parameter.draw(draws, names)
    return names


class NumericVariant(Answerable):
    """The question with its values drawn and its answer computed."""

    fields = ("number",)

    def __init__(self, content: NumericContent, seed: int) -> None:
        self._content = content
        self._unit: Unit | None = UNITS[content.unit] if content.unit else None
        self._factor = self._unit.factor if self._unit else Fraction(1)
        self.names = draw_names(content, seed)
        self._led_to: dict[Misconception, int | Fraction | None] = {}
        with at("answer"):
            self.asked = content.answer.asked(content.pattern, self.names)
            if isinstance(self.asked, Quantity) and not self.asked.exists:
                raise ValueError(
                    _("there is no query %(query)s of %(n)s")
                    % {"query": self.asked.query, "n": self.asked.n}
                )
            #: In the base unit: bytes, operations, seconds, or a count.
            self.right = self.asked.value()
        self._told = {"answer": self._shown(self.right)}
        if isinstance(self.asked, Quantity) and self.asked.query is not None:
            self._told["keys"] = self.asked.keys()
        with at("stem"):
            stem = self._fill(content.stem, {})
        with at("explanation"):
            self.explanation = self._fill(content.explanation, self._told)
        self.page = NumericPage(
            kind=content.kind,
            title=content.title,
            stem=stem,
            unit=content.unit or "",
            marked=how_marked(content.tolerance, content.unit or ""),
        )

    def mark(self, answer: Mapping[str, str]) -> Mark:
        """Mark the number; a wrong one gets the feedback of the idea it comes from."""
        number, unit = self._read(answer.get("number", ""))
        told = f"{number:f} {unit.name}" if unit else f"{number:f}"
        given = Fraction(number) * (unit.factor if unit else self._factor)
        right = self._shown(self.right, named=True)
        if self._is(given, self.right):
            words = self._fill(self._content.if_right, self._told | {"given": told})
            return Mark(Decimal(1), told, right, words)
        words = self._fill(self._feedback(given), self._told | {"given": told})
        return Mark(Decimal(0), told, right, words)

    def typed(self, text: str) -> dict[str, str]:
        """Return the form with a number; ``[[answer]]`` and expressions in it are filled in."""
        return {"number": self._fill(text, self._told)}

    def _read(self, text: str) -> tuple[Decimal, Unit | None]:
        try:
            return read_measure(text, self._unit) if self._unit else (read_number(text), None)
        except UnreadableNumberError as fault:
            raise Unreadable(str(fault)) from fault

    def rehearse(self) -> None:
        """Say everything that could be said to an answer; raises ``ContentError``."""
        told = self._told | {"given": "0"}
        for place, idea in enumerate(self._content.misconceptions):
            with at(f"misconceptions.{place}"):
                self.led_to(idea)
                self._fill(idea.feedback, told)
        for key in ("otherwise", "if_right"):
            with at(key):
                self._fill(getattr(self._content, key), told)

    def led_to(self, idea: Misconception) -> int | Fraction | None:
        """Return the number that a wrong idea leads to here, in the base unit, if to any."""
        if idea not in self._led_to:
            self._led_to[idea] = self._work_out(idea)
        return self._led_to[idea]

    def _work_out(self, idea: Misconception) -> int | Fraction | None:
        if idea.value is not None:
            return evaluate(idea.value, self.names) * self._factor
        pattern = idea.pattern or self._content.pattern
        quantity = (idea.answer or self._content.answer).asked(pattern, self.names)
        if isinstance(quantity, Typed):
            return quantity.value() * self._factor
        return quantity.value() if quantity.exists else None

    def wrong_number(self, idea: Misconception) -> int | Fraction | None:
        """Return the number that an idea leads to here; None also where it is marked as right."""
        value = self.led_to(idea)
        return None if value is None or self._is(value, self.right) else value

    def _feedback(self, given: Fraction) -> str:
        for idea in self._content.misconceptions:
            value = self.wrong_number(idea)
            if value is not None and self._is(given, value):
                return idea.feedback
        return self._slip_of_units(given) or self._content.otherwise

    def _slip_of_units(self, given: Fraction) -> str:
        """Return what to say to the right number in a unit next to the one asked for."""
        if self._unit is None:
            return ""
        for other in neighbours(self._unit):
            if self._is(given / self._factor * other.factor, self.right):
                return _(
                    "That is the number of %(name)s. The answer is asked for in "
                    "%(asked)s; or write the unit beside it."
                ) % {"name": other.name, "asked": self._unit.name}
        return ""

    def _is(self, given: Fraction | int, wanted: Fraction | int) -> bool:
        tolerance = self._content.tolerance
        if tolerance is None:
            return given == wanted
        size = Fraction(tolerance.size)
        return within(tolerance.rule, size, given / self._factor, wanted / self._factor)

    def _shown(self, value: int | Fraction, *, named: bool = False) -> str:
        typed = self._content.answer.number
        number = in_digits(value / self._factor) if typed is None else in_full(typed)
        return f"{number} {self._unit.name}" if named and self._unit else number

    def _fill(self, text: str, told: Mapping[str, str]) -> str:
        return PLACE.sub(partial(self._place, told), text)

    def _place(self, told: Mapping[str, str], match: re.Match[str]) -> str:
        inside = match[1].strip()
        return told.get(inside) or str(evaluate(inside, self.names))


def in_full(number: Decimal) -> str:
    """Return a number in plain digits, all of them, without zeros that say nothing."""
    digits = f"{number:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def in_digits(value: Fraction) -> str:
    """Return a number in plain digits: whole ones whole, others to four significant figures."""
    if value.denominator == 1:
        return str(value)
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    places = max(0, _FIGURES_SHOWN - 1 - leading_place(value))
    text = f"{exact:.{places}f}"
    return text.rstrip("0").rstrip(".") if places else text


def how_marked(tolerance: Tolerance | None, unit: str) -> str:
    """Return a sentence that tells a learner how exact the answer has to be."""
    if tolerance is None:
        return _("The number is exact.")
    size = tolerance.size
    return {
        "nominal": _("It may be off by %(size)s.") % {"size": f"{size} {unit}".rstrip()},
        "relative": _("It may be off by %(share)s %% of the right number.")
        % {"share": f"{(100 * size).normalize():f}"},
        "geometric": _("It may be larger or smaller by a factor of %(size)s.") % {"size": 1 + size},
        "figures": _("Give %(size)s significant figures.") % {"size": size},
    }[tolerance.rule]

"""A number that ``grader.patterns`` computes from parameters drawn from the seed.

The form's field is ``number``. ``content/FORMAT.md`` says what a question's file may hold.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from grader.contract import Identifier
from grader.patterns import Pattern, evaluate, parse
from grader.patterns.text import ranges_text
from question_bank.draws import Draws
from question_bank.kinds.base import Answerable, Content, Mark, Page, Strict, Text, at
from question_bank.kinds.base import UnreadableAnswerError as Unreadable
from question_bank.numbers import UnreadableNumberError, read_number

RESERVED = frozenset({"answer", "keys", "given"})

_PLACE = re.compile(r"\[\[(.+?)\]\]")
_AN_EDGE_IN = 4

Expression = int | Annotated[str, Field(min_length=1, max_length=200)]


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
            raise ValueError("give either values, or low and high and perhaps edges")
        return self

    def draw(self, draws: Draws, names: Mapping[str, int]) -> int:
        """Return a value; expressions are over ``names``."""
        if self.low is None or self.high is None:
            return evaluate(draws.choice(self.values), names)
        if self.edges and draws.below(_AN_EDGE_IN) == 0:
            return evaluate(draws.choice(self.edges), names)
        return draws.between(evaluate(self.low, names), evaluate(self.high, names))


class RowCount(Strict):
    """How many keys a query sees; ``query`` is 1-based."""

    query: Expression
    n: Expression


class Total(Strict):
    """How many pairs there are."""

    n: Expression


class Answer(Strict):
    """One quantity of a pattern."""

    row_count: RowCount | None = None
    total: Total | None = None

    @model_validator(mode="after")
    def _one_quantity(self) -> "Answer":
        if (self.row_count is None) == (self.total is None):
            raise ValueError("give one of row_count and total")
        return self

    @property
    def of(self) -> RowCount | Total:
        """The quantity that is asked for."""
        quantity = self.row_count or self.total
        assert quantity is not None
        return quantity


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
            raise ValueError("give either value, or pattern or answer or both")
        return self


class NumericContent(Content):
    """A stem with places for parameters, and the pattern that answers it.

    The parameters are a list: they are drawn in this order, which a JSON object need not keep.
    """

    kind: Literal["numeric"]
    stem: Text
    parameters: tuple[Parameter, ...]
    pattern: Text
    answer: Answer
    misconceptions: tuple[Misconception, ...] = ()
    otherwise: str = ""

    @field_validator("parameters")
    @classmethod
    def _names_are_free(cls, parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        names = [parameter.name for parameter in parameters]
        taken = RESERVED.intersection(names)
        if taken:
            raise ValueError(f"a parameter cannot be called {', '.join(sorted(taken))}")
        if len(set(names)) < len(names):
            raise ValueError("two parameters have the same name")
        return parameters


@dataclass(frozen=True)
class NumericPage(Page):
    """The stem with its values."""

    stem: str


@dataclass(frozen=True)
class Quantity:
    """A pattern and what is asked of it, all names bound; ``query`` is 1-based."""

    pattern: Pattern
    n: int
    query: int | None

    @property
    def exists(self) -> bool:
        """Whether there is such a query."""
        return self.n >= 1 and (self.query is None or 1 <= self.query <= self.n)

    def value(self) -> int:
        """Return the count."""
        if self.query is None:
            return self.pattern.count(self.n)
        return self.pattern.row_count(self.query - 1, self.n)

    def keys(self) -> str:
        """Return the keys that the query sees, in 1-based ranges."""
        assert self.query is not None
        return ranges_text(self.pattern.ranges(self.query - 1, self.n))


class NumericVariant(Answerable):
    """The question with its values drawn and its answer computed."""

    fields = ("number",)

    def __init__(self, content: NumericContent, seed: int) -> None:
        self._content = content
        draws = Draws(seed, "numeric")
        self.names: dict[str, int] = {}
        for parameter in content.parameters:
            with at(f"parameters.{parameter.name}"):
                self.names[parameter.name] = parameter.draw(draws, self.names)
        with at("answer"):
            self.asked = self._quantity(content.pattern, content.answer)
            if not self.asked.exists:
                raise ValueError(f"there is no query {self.asked.query} of {self.asked.n}")
            self.right = self.asked.value()
        self._told = {"answer": str(self.right)}
        if self.asked.query is not None:
            self._told["keys"] = self.asked.keys()
        with at("stem"):
            stem = self._fill(content.stem, {})
        with at("explanation"):
            self.explanation = self._fill(content.explanation, self._told)
        self.page = NumericPage(kind=content.kind, title=content.title, stem=stem)

    def mark(self, answer: Mapping[str, str]) -> Mark:
        """Mark the number exactly; a wrong one gets the feedback of the idea it comes from."""
        try:
            number = read_number(answer.get("number", ""))
        except UnreadableNumberError as fault:
            raise Unreadable(str(fault)) from fault
        given = f"{number:f}"
        if number == self.right:
            return Mark(Decimal(1), given, str(self.right), "")
        feedback = self._feedback(number)
        words = self._fill(feedback, self._told | {"given": given})
        return Mark(Decimal(0), given, str(self.right), words)

    def rehearse(self) -> None:
        """Say everything that could be said to an answer; raises ``ContentError``."""
        told = self._told | {"given": "0"}
        for place, idea in enumerate(self._content.misconceptions):
            with at(f"misconceptions.{place}"):
                self.led_to(idea)
                self._fill(idea.feedback, told)
        with at("otherwise"):
            self._fill(self._content.otherwise, told)

    def led_to(self, idea: Misconception) -> int | None:
        """Return the number that a wrong idea leads to here, if to any."""
        if idea.value is not None:
            return evaluate(idea.value, self.names)
        pattern = idea.pattern or self._content.pattern
        quantity = self._quantity(pattern, idea.answer or self._content.answer)
        return quantity.value() if quantity.exists else None

    def _feedback(self, number: Decimal) -> str:
        for idea in self._content.misconceptions:
            if self.led_to(idea) == number:
                return idea.feedback
        return self._content.otherwise

    def _quantity(self, pattern: str, answer: Answer) -> Quantity:
        asked = answer.of
        n = evaluate(asked.n, self.names)
        query = evaluate(asked.query, self.names) if isinstance(asked, RowCount) else None
        return Quantity(parse(pattern, self.names), n, query)

    def _fill(self, text: str, told: Mapping[str, str]) -> str:
        return _PLACE.sub(partial(self._place, told), text)

    def _place(self, told: Mapping[str, str], match: re.Match[str]) -> str:
        inside = match[1].strip()
        return told.get(inside) or str(evaluate(inside, self.names))

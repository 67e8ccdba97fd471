"""What a numeric question asks for: counts of patterns, a cost of a model, reach, or a number."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pydantic import Field as Bounds
from pydantic import model_validator

from grader.patterns import Pattern, evaluate, parse
from grader.patterns.text import ranges_text
from grader.words import gettext as _
from question_bank.kinds.base import Strict, Text
from question_bank.kinds.costs import Cost, DrawnCost, Expression, Names
from question_bank.kinds.reach import Crossing, DrawnCrossing, DrawnField, Field


class RowCount(Strict):
    """How many keys a query sees; ``query`` is 1-based."""

    query: Expression
    n: Expression


class Total(Strict):
    """How many pairs there are, in as many heads and layers as ``times`` says."""

    n: Expression
    times: Expression = 1


class Ratio(Strict):
    """How many times as many pairs the pattern ``of`` has as that of the question.

    The one is asked at ``of_n``, or ``n`` unless that is said, the other at ``n``.
    """

    of: Text
    of_n: Expression | None = None
    n: Expression


MOST_DIGITS = 30
"""A number that is typed has no more digits on either side of its point."""


AnyWritten = RowCount | Total | Ratio | Cost | Crossing | Field | Decimal


class Answer(Strict):
    """One quantity: of patterns, of serving a model, of layers, or a ``number`` that is typed."""

    row_count: RowCount | None = None
    total: Total | None = None
    ratio: Ratio | None = None
    cost: Cost | None = None
    layers: Crossing | None = None
    receptive_field: Field | None = None
    number: Decimal | None = Bounds(
        default=None, max_digits=2 * MOST_DIGITS, decimal_places=MOST_DIGITS
    )

    @model_validator(mode="after")
    def _one_quantity(self) -> "Answer":
        if len(self._given) != 1:
            raise ValueError(
                _("give one of %(fields)s") % {"fields": ", ".join(type(self).model_fields)}
            )
        return self

    @property
    def counts(self) -> bool:
        """Whether it is counted in the question's pattern."""
        return isinstance(self.given, RowCount | Total | Ratio)

    def asked(self, pattern: str | None, names: Names) -> "AnyAsked | Typed":
        """Return the quantity with all names bound. Raises ValueError."""
        of = self.given
        if isinstance(of, Decimal):
            return Typed(of)
        if isinstance(of, Cost | Crossing | Field):
            return of.drawn(names)
        if pattern is None:
            raise ValueError(_("a count needs a pattern"))
        n = evaluate(of.n, names)
        counted = parse(pattern, names)
        if isinstance(of, RowCount):
            return Quantity(counted, n, evaluate(of.query, names))
        if isinstance(of, Total):
            return Quantity(counted, n, None, evaluate(of.times, names))
        of_n = n if of.of_n is None else evaluate(of.of_n, names)
        return RatioAsked(Quantity(parse(of.of, names), of_n, None), Quantity(counted, n, None))

    @property
    def given(self) -> AnyWritten:
        """What is asked for, as it is written."""
        return self._given[0]

    @property
    def _given(self) -> list[AnyWritten]:
        every = (self.row_count, self.total, self.ratio, self.cost, self.layers)
        others = (self.receptive_field, self.number)
        return [one for one in (*every, *others) if one is not None]


@dataclass(frozen=True)
class Typed:
    """A number as its author wrote it."""

    number: Decimal

    exists = True

    def value(self) -> Fraction:
        """Return it."""
        return Fraction(self.number)


@dataclass(frozen=True)
class Quantity:
    """A pattern and what is asked of it, all names bound; ``query`` is 1-based.

    Without a query it is the number of pairs, ``times`` over.
    """

    pattern: Pattern
    n: int
    query: int | None
    times: int = 1

    @property
    def exists(self) -> bool:
        """Whether there is such a query."""
        return self.n >= 1 and (self.query is None or 1 <= self.query <= self.n)

    def value(self) -> int:
        """Return the count."""
        if self.query is None:
            return self.times * self.pattern.count(self.n)
        return self.pattern.row_count(self.query - 1, self.n)

    def keys(self) -> str:
        """Return the keys that the query sees, in 1-based ranges."""
        assert self.query is not None
        return ranges_text(self.pattern.ranges(self.query - 1, self.n))


@dataclass(frozen=True)
class RatioAsked:
    """Two counts, the first to be divided by the second."""

    of: Quantity
    to: Quantity

    @property
    def exists(self) -> bool:
        """Whether both have lengths, and there is something to divide by."""
        return self.of.exists and self.to.exists and self.to.value() > 0

    def value(self) -> Fraction:
        """Return the ratio. Raises ValueError."""
        if not self.exists:
            raise ValueError(_("there are no pairs to compare with"))
        return Fraction(self.of.value(), self.to.value())


AnyAsked = Quantity | RatioAsked | DrawnCost | DrawnCrossing | DrawnField

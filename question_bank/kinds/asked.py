"""What a numeric question asks for: a count of a pattern, a cost of serving a model, a number."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pydantic import Field, model_validator

from grader.patterns import Pattern, evaluate, parse
from grader.patterns.text import ranges_text
from question_bank.kinds.base import Strict
from question_bank.kinds.costs import Cost, Expression, Names


class RowCount(Strict):
    """How many keys a query sees; ``query`` is 1-based."""

    query: Expression
    n: Expression


class Total(Strict):
    """How many pairs there are."""

    n: Expression


MOST_DIGITS = 30
"""A number that is typed has no more digits on either side of its point."""


class Answer(Strict):
    """One quantity: of a pattern, of serving a model, or a ``number`` that the author types."""

    row_count: RowCount | None = None
    total: Total | None = None
    cost: Cost | None = None
    number: Decimal | None = Field(
        default=None, max_digits=2 * MOST_DIGITS, decimal_places=MOST_DIGITS
    )

    @model_validator(mode="after")
    def _one_quantity(self) -> "Answer":
        quantities = (self.row_count, self.total, self.cost, self.number)
        if sum(one is not None for one in quantities) != 1:
            raise ValueError("give one of row_count, total, cost and number")
        return self

    @property
    def counts(self) -> bool:
        """Whether it is a count of a pattern."""
        return self.row_count is not None or self.total is not None

    def asked(self, pattern: str | None, names: Names) -> "Quantity | CostAsked | Typed":
        """Return the quantity with all names bound. Raises ValueError."""
        if self.number is not None:
            return Typed(self.number)
        if self.cost is not None:
            return CostAsked(self.cost, names)
        of = self.row_count or self.total
        if pattern is None or of is None:
            raise ValueError("a count needs a pattern")
        n = evaluate(of.n, names)
        query = evaluate(of.query, names) if isinstance(of, RowCount) else None
        return Quantity(parse(pattern, names), n, query)


@dataclass(frozen=True)
class Typed:
    """A number as its author wrote it."""

    number: Decimal

    exists = True

    def value(self) -> Fraction:
        """Return it."""
        return Fraction(self.number)


@dataclass(frozen=True)
class CostAsked:
    """A cost, all names bound."""

    cost: Cost
    names: Names

    exists = True

    def value(self) -> Fraction:
        """Return it in bytes, operations or seconds, or a count. Raises ValueError."""
        return self.cost.value(self.names)


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

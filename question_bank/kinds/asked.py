"""What a numeric question asks for: a count of a pattern, or a cost of serving a model."""

from dataclasses import dataclass
from fractions import Fraction

from pydantic import model_validator

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


class Answer(Strict):
    """One quantity: of a pattern, or of serving a model."""

    row_count: RowCount | None = None
    total: Total | None = None
    cost: Cost | None = None

    @model_validator(mode="after")
    def _one_quantity(self) -> "Answer":
        if sum(one is not None for one in (self.row_count, self.total, self.cost)) != 1:
            raise ValueError("give one of row_count, total and cost")
        return self

    def asked(self, pattern: str | None, names: Names) -> "Quantity | CostAsked":
        """Return the quantity with all names bound. Raises ValueError."""
        if self.cost is not None:
            return CostAsked(self.cost, names)
        of = self.row_count or self.total
        if pattern is None or of is None:
            raise ValueError("a count needs a pattern")
        n = evaluate(of.n, names)
        query = evaluate(of.query, names) if isinstance(of, RowCount) else None
        return Quantity(parse(pattern, names), n, query)


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

"""Integer expressions in the arguments of a pattern, with ``n`` bound late.

An argument is an ``int`` or, where it depends on the sequence length, a small tree over ``n``.
Whatever can be computed at once is computed at once, so that equal arguments are equal values.
"""

from dataclasses import dataclass
from typing import Final

from grader.words import gettext as _

LARGEST: Final = 10**9
"""No number in a pattern or on the way to one is further from zero than this."""

FUNCTIONS: Final = {"min": min, "max": max}
PRECEDENCE: Final = {"+": 1, "-": 1, "*": 2, "//": 2}


class ExpressionError(ValueError):
    """The arithmetic has no value: a division by zero, or a number too large."""


@dataclass(frozen=True)
class Size:
    """The sequence length ``n``."""

    def __str__(self) -> str:
        return "n"


@dataclass(frozen=True)
class Name:
    """A parameter that is left open: it has no value, and so no pattern that holds it is asked."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Operation:
    """``left symbol right``, where the symbol is an operator or the name of a function."""

    symbol: str
    left: "Integer"
    right: "Integer"

    def __str__(self) -> str:
        if self.symbol in FUNCTIONS:
            return f"{self.symbol}({self.left}, {self.right})"
        level = PRECEDENCE[self.symbol]
        return f"{_operand(self.left, level)} {self.symbol} {_operand(self.right, level + 1)}"


Integer = int | Size | Name | Operation


def _operand(value: Integer, level: int) -> str:
    loose = isinstance(value, Operation) and PRECEDENCE.get(value.symbol, level) < level
    return f"({value})" if loose else str(value)


def checked(value: int) -> int:
    """Return ``value``; raise ExpressionError if it is beyond LARGEST."""
    if abs(value) > LARGEST:
        raise ExpressionError(
            _("Numbers go up to %(largest)s; this one is larger.") % {"largest": f"{LARGEST:,}"}
        )
    return value


def combine(symbol: str, left: Integer, right: Integer) -> Integer:
    """Return the value of ``left symbol right``, or its tree while ``n`` is unknown.

    Raises ExpressionError where the arithmetic has no value.
    """
    if isinstance(left, int) and isinstance(right, int):
        return _compute(symbol, left, right)
    if symbol == "//" and right == 0:
        raise ExpressionError(_("This divides by zero."))
    return Operation(symbol, left, right)


def _compute(symbol: str, left: int, right: int) -> int:
    if symbol in FUNCTIONS:
        return FUNCTIONS[symbol](left, right)
    if symbol == "+":
        return checked(left + right)
    if symbol == "-":
        return checked(left - right)
    if symbol == "*":
        return checked(left * right)
    if right == 0:
        raise ExpressionError(_("This divides by zero."))
    return left // right


def value_at(expression: Integer, n: int) -> int:
    """Return the expression's value for sequences of length ``n``; raise ExpressionError."""
    if isinstance(expression, int):
        return expression
    if isinstance(expression, Size):
        return checked(n)
    if isinstance(expression, Name):
        raise ExpressionError(
            _("The parameter %(expression)s was left open: it has no value.")
            % {"expression": expression}
        )
    left, right = value_at(expression.left, n), value_at(expression.right, n)
    return _compute(expression.symbol, left, right)

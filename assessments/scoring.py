"""Points and percentages. Pure: decimals in, decimals out, never a float.

Where something is not decided yet, because a person marks it or a machine still judges, a mark is a
range: what is earned for certain, and what it can still become.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Credit:
    """The share of a question's points that is earned, from 0 to 1, at least and at most."""

    least: Decimal
    most: Decimal

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.most <= 1:
            raise ValueError(f"no share of 1: {self.least} to {self.most}")

    @property
    def is_decided(self) -> bool:
        """Whether nothing can change it but a regrade."""
        return self.least == self.most


NOTHING = Credit(Decimal(0), Decimal(0))
EVERYTHING = Credit(Decimal(1), Decimal(1))
OPEN = Credit(Decimal(0), Decimal(1))


def credit_of_answer(fraction: Decimal, waits: Decimal = Decimal(0)) -> Credit:
    """Return the credit of an answer: what was decided, and the share that waits for a person."""
    return Credit(fraction, min(fraction + waits, Decimal(1)))


def credit_of_code(passed: bool | None) -> Credit:
    """Return the credit of the submission that counts; None is a verdict that is not there yet."""
    if passed is None:
        return OPEN
    return EVERYTHING if passed else NOTHING


@dataclass(frozen=True)
class Score:
    """Points earned, at least and at most, of so many."""

    least: Decimal
    most: Decimal
    of: Decimal

    @property
    def is_decided(self) -> bool:
        """Whether nothing is left to be judged."""
        return self.least == self.most

    @property
    def percent(self) -> tuple[Decimal, Decimal] | None:
        """At least and at most so many per cent, to a tenth, halves upwards; None of nothing."""
        if not self.of:
            return None
        return _percent(self.least, self.of), _percent(self.most, self.of)

    def rounded(self) -> "Score":
        """Return the points as they are shown: to a hundredth, halves upwards."""
        return Score(_shown(self.least), _shown(self.most), _shown(self.of))


def score_of(questions: Iterable[tuple[Decimal, Credit]]) -> Score:
    """Add up questions, each with its points and the credit earned; exact."""
    listed = list(questions)
    return Score(
        sum((points * credit.least for points, credit in listed), Decimal(0)),
        sum((points * credit.most for points, credit in listed), Decimal(0)),
        sum((points for points, _credit in listed), Decimal(0)),
    )


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return (100 * part / whole).quantize(_TENTH, ROUND_HALF_UP)


def _shown(points: Decimal) -> Decimal:
    return points.quantize(_CENT, ROUND_HALF_UP)

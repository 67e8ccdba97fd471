"""How far a number may be from the right one, in exact arithmetic, bounds included.

``nominal`` a - t to a + t; ``relative`` a - |a| t to a + |a| t; ``geometric`` a / (1 + t) to
a (1 + t), as Moodle has them; ``figures`` so many significant figures, correctly rounded.
"""

from fractions import Fraction
from typing import Literal, get_args

Rule = Literal["nominal", "relative", "geometric", "figures"]
RULES: tuple[Rule, ...] = get_args(Rule)


def within(rule: Rule, size: Fraction, given: Fraction, right: Fraction) -> bool:
    """Tell whether ``given`` is close enough to ``right``; both in the unit that is asked for."""
    low, high = bounds(rule, size, right)
    return low <= given <= high


def bounds(rule: Rule, size: Fraction, right: Fraction) -> tuple[Fraction, Fraction]:
    """Return the least and the largest number that is accepted."""
    if rule == "geometric":
        ends = right / (1 + size), right * (1 + size)
        return min(ends), max(ends)
    reach = {
        "nominal": lambda: size,
        "relative": lambda: abs(right) * size,
        "figures": lambda: half_a_place(right, int(size)),
    }[rule]()
    return right - reach, right + reach


def half_a_place(right: Fraction, figures: int) -> Fraction:
    """Return half of what the last of so many significant figures stands for; 0 has none."""
    if right == 0:
        return Fraction(0)
    return Fraction(10) ** (leading_place(right) - figures + 1) / 2


def leading_place(value: Fraction) -> int:
    """Return the power of ten of the first significant digit: 0 for 1 to under 10."""
    size = abs(value)
    place = len(str(int(size))) - 1
    while size < Fraction(10) ** place:
        place -= 1
    return place

"""Credit for a choice of several: six schemes, and what guessing earns under each.

With C right choices of N, c of them ticked, w wrong ones ticked: all exact, as fractions of 1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Final, Literal, get_args

from grader.words import gettext, gettext_noop

Scheme = Literal["all-or-nothing", "weights", "net", "balanced", "each", "coverage"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)

#: Choices whose subsets are counted out to say what guessing earns.
MOST_CHOICES = 12


@dataclass(frozen=True)
class Ticks:
    """What was ticked: ``right`` and ``ticked`` of each choice, and its weight."""

    right: tuple[bool, ...]
    ticked: tuple[bool, ...]
    weights: tuple[Fraction, ...]

    @property
    def rights(self) -> int:
        """C: how many choices are right."""
        return sum(self.right)

    @property
    def hits(self) -> int:
        """c: right choices that are ticked."""
        return sum(r and t for r, t in zip(self.right, self.ticked, strict=True))

    @property
    def wrongs(self) -> int:
        """w: wrong choices that are ticked."""
        return sum(self.ticked) - self.hits


@dataclass(frozen=True)
class Guessing:
    """What is earned on average by ticking each choice with probability 1/2, and by ticking all."""

    at_random: Fraction
    everything: Fraction


def _all_or_nothing(ticks: Ticks) -> Fraction:
    return Fraction(ticks.right == ticks.ticked)


def _weights(ticks: Ticks) -> Fraction:
    """Moodle: the sum of the weights of what is ticked."""
    return sum(
        (weight for weight, t in zip(ticks.weights, ticks.ticked, strict=True) if t), Fraction(0)
    )


def _net(ticks: Ticks) -> Fraction:
    """Canvas, and PrairieLearn's net correct: (c - w) / C."""
    return Fraction(ticks.hits - ticks.wrongs, ticks.rights)


def _balanced(ticks: Ticks) -> Fraction:
    """c / C - w / (N - C): ticking all, or none, or at random earns nothing on average."""
    wrong_choices = len(ticks.right) - ticks.rights
    return Fraction(ticks.hits, ticks.rights) - Fraction(ticks.wrongs, wrong_choices)


def _each(ticks: Ticks) -> Fraction:
    """PrairieLearn's every decision: 1 - (w + missed) / N."""
    missed = ticks.rights - ticks.hits
    return 1 - Fraction(ticks.wrongs + missed, len(ticks.right))


def _coverage(ticks: Ticks) -> Fraction:
    """PrairieLearn's coverage: (c / C) (c / ticked)."""
    ticked = ticks.hits + ticks.wrongs
    return Fraction(ticks.hits, ticks.rights) * Fraction(ticks.hits, max(ticked, 1))


_RULES: dict[Scheme, Callable[[Ticks], Fraction]] = {
    "all-or-nothing": _all_or_nothing,
    "weights": _weights,
    "net": _net,
    "balanced": _balanced,
    "each": _each,
    "coverage": _coverage,
}


def credit(scheme: Scheme, ticks: Ticks) -> Fraction:
    """Return the credit for what was ticked, from 0 to 1."""
    return min(Fraction(1), max(Fraction(0), _RULES[scheme](ticks)))


def usual_weights(right: Sequence[bool]) -> tuple[Fraction, ...]:
    """Return Moodle's usual weights: 1/C for a right choice, -1/C for a wrong one."""
    share = Fraction(1, sum(right))
    return tuple(share if is_right else -share for is_right in right)


def guessing(scheme: Scheme, right: tuple[bool, ...], weights: tuple[Fraction, ...]) -> Guessing:
    """Return what guessing earns, by counting out all subsets of at most ``MOST_CHOICES``."""
    subsets = list(product((False, True), repeat=len(right)))
    total = sum((credit(scheme, Ticks(right, ticked, weights)) for ticked in subsets), Fraction(0))
    everything = Ticks(right, (True,) * len(right), weights)
    return Guessing(total / len(subsets), credit(scheme, everything))


def how_marked(scheme: Scheme, choices: int) -> str:
    """Return how ticks at so many choices are marked: in words and as a formula, in Markdown."""
    return gettext(_HOW_MARKED[scheme]).replace("{choices}", str(choices))


_HOW_MARKED: Final[dict[Scheme, str]] = {
    "all-or-nothing": gettext_noop("Full credit for exactly the right choices, none otherwise."),
    "weights": gettext_noop(
        "Each choice has a weight. Credit: the sum of the weights of what you tick; at least 0 "
        r"and at most 1: $\min(1, \max(0, \sum_i g_i))$ over the weights $g_i$ of the choices "
        "ticked."
    ),
    "net": gettext_noop(
        "Credit: (right choices ticked − wrong choices ticked) / right choices there are; at "
        r"least 0: $\max(0, \frac{c - w}{C})$ with $c$ right and $w$ wrong choices ticked, and "
        "$C$ right ones in all."
    ),
    "balanced": gettext_noop(
        "Credit: the share of the right choices that you tick, less the share of the wrong "
        r"choices that you tick; at least 0: $\max(0, \frac{c}{C} - \frac{w}{W})$ "
        "with $c$ right and $w$ wrong choices ticked, of $C$ right and $W$ wrong ones."
    ),
    "each": gettext_noop(
        "Each of the {choices} choices is a decision of its own, to tick it or not. Credit: "
        r"the share of right decisions: $1 - \frac{w + m}{{choices}}$ with $w$ wrong "
        "choices ticked and $m$ right ones missed."
    ),
    "coverage": gettext_noop(
        "Credit: the share of the right choices that you tick, times the share of your ticks "
        r"that are right: $\frac{c}{C} \cdot \frac{c}{c + w}$ with $c$ right and $w$ wrong "
        "choices ticked, of $C$ right ones."
    ),
}

"""When is "at least T times faster" settled? A pure rule over the ratios of paired timings.

At each look the k-th smallest and k-th largest ratio bound the median. The three looks together
pass code whose true ratio is exactly T in 3.3 % of series, and fail it as often.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

# (pairs, k): look after so many pairs at the k-th order statistics.
LOOKS = ((15, 3), (31, 10), (63, 24))
MOST_PAIRS = LOOKS[-1][0]

# What is far from its bound on either side, as linear growth and quadratic are, may be settled by
# seven ratios that agree; exactly at the bound that adds 0.8 % of wrong answers to each side.
EARLY_LOOKS = ((7, 1), *LOOKS)

# Code that is nowhere near needs no 15 pairs: five in a row under half the threshold.
_HOPELESS_PAIRS = 5
_HOPELESS_FACTOR = 0.5

# Two processes that run the same code on the same inputs differ for good by a little (where their
# pages and addresses lie), which no number of pairs between these two shows. The medians of A/A
# runs deviate by 0.35 %, within a run and between processes together (benchmarks/aa.py).
BETWEEN_PROCESSES = 0.0025


@dataclass(frozen=True)
class Interval:
    """The median ratio, and bounds for the true one."""

    low: float
    median: float
    high: float


def decide(
    ratios: Sequence[float], threshold: float, looks: Sequence[tuple[int, int]] = LOOKS
) -> bool | None:
    """Return True (at least the threshold), False (under it), or None: go on, or give up at 63."""
    if len(ratios) == _HOPELESS_PAIRS and max(ratios) < _HOPELESS_FACTOR * threshold:
        return False
    k = dict(looks).get(len(ratios))
    if k is None:
        return None
    ordered = sorted(ratios)
    if ordered[k - 1] >= threshold:
        return True
    if ordered[-k] < threshold:
        return False
    return None


def interval(ratios: Sequence[float]) -> Interval:
    """Return the median between the order statistics of the last look that these ratios reach.

    The bounds are moved outwards by what two processes of the same code differ by.
    """
    k = max((k for pairs, k in LOOKS if pairs <= len(ratios)), default=1)
    ordered = sorted(ratios)
    return Interval(
        low=ordered[k - 1] * (1 - BETWEEN_PROCESSES),
        median=statistics.median(ordered),
        high=ordered[-k] * (1 + BETWEEN_PROCESSES),
    )

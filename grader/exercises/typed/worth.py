"""Is there enough to skip that an answer can be asked to be fast? Told from counts alone.

Nothing is timed here, and nobody has to be lucky: what is counted is how much the generated model
solution computes, which is all pairs of the tiles that hold one. Measured on one core, a pair of
these costs it up to 2.5 times what a pair costs torch's dense attention (index arithmetic, masks,
keys gathered), and a row of tiles costs as much as 25,000 dense pairs (calls of small operations).
A threshold is half of the speed-up that follows, never above the 1.6 that the built-in exercises
ask for; and under 1.2 nothing is asked, since noise and other machines would then decide.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from grader.contract import Case, Growth, Memory, Speed
from grader.exercises.typed.cases import corner
from grader.exercises.typed.declaration import Refused, at, listed_values
from grader.exercises.typed.splitting import Part
from grader.patterns import Pattern, evaluate

TILE = 64
PAIR_COST, ROW_COST = 2.5, 25_000
MARGIN = 2.0
STARTING_THRESHOLD, LEAST_THRESHOLD = 1.6, 1.2
GROWTH = Growth(limit=1.65)
#: Where the model's own work grows faster than this, growth is not asked for.
MOST_GROWTH = 1.35
LIMIT_MIB = 192


@dataclass(frozen=True)
class Work:
    """What is asked beside right pairs, and in words why, or why not."""

    speed: Speed | None
    growth: Growth | None
    memory: Memory | None
    remarks: tuple[str, ...]


NO_WORK = Work(None, None, None, ("Only correctness and pairs are checked: no work is asked for.",))


def work_of(pattern: str, parts: tuple[Part, ...], case: Case) -> Work:
    """Return the bounds for what ``case`` draws. Raises Refused where there is too little to skip.

    ``parts`` are those that the model solution computes.
    """
    ends = [corner(case.parameters, end) for end in ("low", "high")]
    n = case.n.high
    gains = [dense_pairs(at(pattern, values), n) / cost(parts, values, n) for values in ends]
    worst = ends[gains.index(min(gains))]
    threshold = math.floor(min(STARTING_THRESHOLD, min(gains) / MARGIN) * 10) / 10
    pairs = at(pattern, worst).count(n)
    share = f"{pairs:,} of {dense_pairs(at(pattern, worst), n):,} pairs"
    if threshold < LEAST_THRESHOLD:
        raise Refused("work", _too_dense(n, worst, share, min(gains)))
    slope = math.log(cost(parts, worst, 4 * n) / cost(parts, worst, n)) / math.log(4)
    growth = GROWTH if slope <= MOST_GROWTH else None
    remarks = [
        f"Speed is checked, at least {threshold:g} times torch's dense attention: at n = {n} with "
        f"{listed_values(worst)} the pattern has {share}, and tiles that hold them leave a "
        f"speed-up of about {min(gains):.1f}.",
        f"Growth is checked: work grows like n to the power {slope:.2f}."
        if growth
        else f"Growth is not checked: work itself grows like n to the power {slope:.2f}.",
        f"Memory is checked: at most {LIMIT_MIB} MiB beyond inputs and result.",
    ]
    speed = Speed(against="sdpa", case=case, threshold=threshold)
    return Work(speed, growth, Memory(case=case, limit_mib=LIMIT_MIB), tuple(remarks))


def _too_dense(n: int, values: Mapping[str, int], share: str, gain: float) -> str:
    return (
        f"There is too little to skip: at n = {n} with {listed_values(values)} the pattern has "
        f"{share}, and in tiles of {TILE} × {TILE} that leaves a speed-up of about {gain:.1f} over "
        f"dense attention, where {MARGIN * LEAST_THRESHOLD:g} is the least that can be asked about "
        "fairly. Count pairs at values that see less, or ask for correctness and pairs alone."
    )


def is_causal(pattern: Pattern, n: int) -> bool:
    """Say whether no query sees a later key, from the first queries, as the judge does."""
    some = min(n, TILE)
    return not any(
        pattern.count_within(range(i, i + 1), range(i + 1, some), some) for i in range(some)
    )


def dense_pairs(pattern: Pattern, n: int) -> int:
    """Return how many pairs the dense attention has that a pattern is timed against."""
    return n * (n + 1) // 2 if is_causal(pattern, n) else n * n


def cost(parts: tuple[Part, ...], values: Mapping[str, int], n: int) -> float:
    """Return what the model solution costs, in pairs of dense attention."""
    return sum(_cost(part, values, n) for part in parts)


def _cost(part: Part, values: Mapping[str, int], n: int) -> float:
    stride = min(n, evaluate(str(part.stride), {**values, "n": n}))
    rounds = -(-n // stride)
    # A tile of one residue lies within the square of all positions from its first to its last.
    side = min(TILE, rounds) * stride
    tiles = _touched(at(str(part.pattern), values), n, side)
    return PAIR_COST * tiles * (side // stride) ** 2 * stride + ROW_COST * -(-rounds // TILE)


def _touched(pattern: Pattern, n: int, side: int) -> int:
    """Return how many squares of this side hold a pair, empty and full areas at once."""
    across = -(-n // side)
    return _touched_within(pattern, n, side, (0, 0, 1 << (across - 1).bit_length()))


def _touched_within(pattern: Pattern, n: int, side: int, area: tuple[int, int, int]) -> int:
    """Return the same for an area: its first row and column and its width, in squares."""
    top, left, width = area
    rows, columns = (range(at * side, min(n, (at + width) * side)) for at in (top, left))
    pairs = pattern.count_within(rows, columns, n) if rows and columns else 0
    if pairs == 0 or width == 1:
        return min(pairs, 1)
    if pairs == len(rows) * len(columns):
        return -(-len(rows) // side) * -(-len(columns) // side)
    half = width // 2
    return sum(
        _touched_within(pattern, n, side, (top + down, left + right, half))
        for down in (0, half)
        for right in (0, half)
    )

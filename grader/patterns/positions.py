"""The atom of chosen positions: global tokens."""

import functools
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from grader.patterns.algebra import Atom
from grader.patterns.expressions import Integer, value_at


@dataclass(frozen=True)
class Slice:
    """Positions ``start:stop`` as Python slices them: either end may be left out or negative."""

    start: Integer | None
    stop: Integer | None

    def __str__(self) -> str:
        start, stop = ("" if end is None else str(end) for end in (self.start, self.stop))
        return f"{start}:{stop}"


@dataclass(frozen=True)
class Globals(Atom):
    """Chosen positions see every key and are seen by every query (Longformer's global tokens).

    Negative positions count from the end; positions beyond the sequence are left out.
    """

    positions: tuple[Integer | Slice, ...]

    name = "globals"

    def holds(self, i: Any, j: Any, n: int) -> Any:
        """Say whether i or j is a chosen position."""
        seen = i - j != i - j
        for start, stop in self.spans(n):
            seen = seen | ((i >= start) & (i < stop)) | ((j >= start) & (j < stop))
        return seen

    def row_cuts(self, rows: range, n: int) -> Iterable[int]:
        """A global query's row is full."""
        del rows
        return itertools.chain.from_iterable(self.spans(n))

    def column_cuts(self, i: int, n: int) -> Iterable[int]:
        """A global key's column is full."""
        del i
        return itertools.chain.from_iterable(self.spans(n))

    def spans(self, n: int) -> tuple[tuple[int, int], ...]:
        """Return the positions as ascending, disjoint (start, stop) within 0 to n."""
        return _spans(self.positions, n)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.positions))})"


@functools.lru_cache(maxsize=256)
def _spans(positions: tuple[Integer | Slice, ...], n: int) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, stop in sorted(_span(position, n) for position in positions):
        if start >= stop:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return tuple(merged)


def _span(position: Integer | Slice, n: int) -> tuple[int, int]:
    if isinstance(position, Slice):
        ends = (
            None if end is None else value_at(end, n) for end in (position.start, position.stop)
        )
        start, stop, _ = slice(*ends).indices(n)
        return start, stop
    value = value_at(position, n)
    value = value + n if value < 0 else value
    return (value, value + 1) if 0 <= value < n else (0, 0)

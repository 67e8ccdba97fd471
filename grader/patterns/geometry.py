"""Counting lattice points: rectangles of (query, key) cut by diagonals.

A diagonal is the set of pairs with the same ``key - query``. Ranges have step 1.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise


def split(whole: range, cuts: Iterable[int]) -> Iterator[range]:
    """Yield the pieces of ``whole``, in order, cut before each of ``cuts`` that lies inside it."""
    if not whole:
        return
    inside = {cut for cut in cuts if whole.start < cut < whole.stop}
    for start, stop in pairwise(sorted({whole.start, whole.stop} | inside)):
        yield range(start, stop)


def diagonals(rows: range, columns: range) -> range:
    """Return the diagonals that meet the rectangle; both ranges are non-empty."""
    return range(columns.start - rows.stop + 1, columns.stop - rows.start)


def pair_on(diagonal: int, rows: range, columns: range) -> tuple[int, int]:
    """Return one pair of the rectangle on a diagonal that meets it."""
    query = max(rows.start, columns.start - diagonal)
    return query, query + diagonal


def pairs_between(rows: range, columns: range, band: range, step: int = 1) -> int:
    """Count the pairs of the rectangle on those diagonals of ``band`` that ``step`` divides.

    The number of pairs on a diagonal is linear between the diagonals through the rectangle's
    corners, so each stretch between two corners is one arithmetic series.
    """

    def length(diagonal: int) -> int:
        last = min(rows.stop, columns.stop - diagonal)
        return max(0, last - max(rows.start, columns.start - diagonal))

    if step == 1 and band == diagonals(rows, columns):
        return len(rows) * len(columns)
    corners = [key - query for key in _ends(columns) for query in _ends(rows)]
    total = 0
    for stretch in split(band, corners):
        first = -(-stretch.start // step) * step
        last = (stretch.stop - 1) // step * step
        if first <= last:
            terms = (last - first) // step + 1
            total += terms * (length(first) + length(last)) // 2
    return total


def _ends(whole: range) -> tuple[int, int]:
    return whole.start, whole.stop

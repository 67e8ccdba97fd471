"""Pairs that the data chose, such as the keys of each query's largest scores."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from grader.patterns.algebra import Atom
from grader.words import gettext as _


@dataclass(frozen=True)
class Selection(Atom):
    """The (query, key) pairs of one call, listed: no rule on positions tells them.

    There may be more queries than keys. It answers for Python ints only and has no notation.
    """

    pairs: frozenset[tuple[int, int]]

    def holds(self, i: int, j: int, n: int) -> bool:
        """Say whether the pair was chosen."""
        del n
        return (i, j) in self.pairs

    def ranges(self, i: int, n: int) -> list[range]:
        """Return the keys of query ``i``, which may lie beyond ``n``, as ascending ranges."""
        del n
        ranges: list[range] = []
        for key in self._keys.get(i, ()):
            if ranges and ranges[-1].stop == key:
                ranges[-1] = range(ranges[-1].start, key + 1)
            else:
                ranges.append(range(key, key + 1))
        return ranges

    def row_cuts(self, rows: range, n: int) -> Iterable[int]:
        """Every row is a band of its own."""
        del n
        return rows

    def column_cuts(self, i: int, n: int) -> Iterator[int]:
        """Truth holds over each range of keys."""
        for keys in self.ranges(i, n):
            yield from (keys.start, keys.stop)

    def __str__(self) -> str:
        return _("%(number)s pairs chosen by their scores") % {"number": f"{len(self.pairs):,}"}

    @cached_property
    def _keys(self) -> dict[int, list[int]]:
        keys: dict[int, list[int]] = {}
        for query, key in sorted(self.pairs):
            keys.setdefault(query, []).append(key)
        return keys

"""Patterns: which keys a query sees, as a predicate on (query, key).

A pattern is a tree of atoms under ``&``, ``|`` and ``-``. It is evaluated by operators alone, so
the same tree answers for Python ints and for index tensors. Positions are 0-based.

Counting rests on one observation. In a band of rows where no atom changes its columns, the atoms
cut the band into cells by columns and by diagonals, and on each cell the pattern is constant but
for divisibility of ``key - query``. So the number of pairs is a sum of few closed forms. For atoms
other than blocks the number of cells does not depend on n; with blocks there is a band per block.
"""

import functools
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any, ClassVar, overload

from grader.patterns import geometry
from grader.words import gettext as _

MOST_STEPS = 6
"""With more different dilations than this in one pattern, cells are enumerated pair by pair."""

TERMS_PER_STEP = 3
"""Inclusion and exclusion over m dilations has 3^m terms; smaller cells are enumerated too."""


class Pattern(ABC):
    """A set of (query, key) pairs for every sequence length."""

    def __and__(self, other: "Pattern") -> "Pattern":
        return Intersection(self, other)

    def __or__(self, other: "Pattern") -> "Pattern":
        return Union(self, other)

    def __sub__(self, other: "Pattern") -> "Pattern":
        return Difference(self, other)

    @abstractmethod
    def atoms(self) -> Iterator["Atom"]:
        """Yield the atoms of the tree, from left to right."""

    @abstractmethod
    def truth(self, of: Callable[["Atom"], Any]) -> Any:
        """Return the truth of the whole, given the truth of each atom."""

    @overload
    def sees(self, i: int, j: int, n: int) -> bool: ...
    @overload
    def sees(self, i: Any, j: Any, n: int) -> Any: ...
    def sees(self, i: Any, j: Any, n: int) -> Any:
        """Say whether query ``i`` sees key ``j`` among ``n`` positions.

        ``i`` and ``j`` are ints, or int64 tensors that broadcast; the answer is a bool, or a bool
        tensor of the broadcast shape.
        """
        return self.truth(lambda atom: atom.holds(i, j, n))

    def ranges(self, i: int, n: int) -> list[range]:
        """Return the keys of query ``i`` as the fewest ascending ranges."""
        _require_query(i, n)
        merged: list[range] = []
        for start, stop in self._row_pieces(i, n):
            if merged and merged[-1].stop == start:
                merged[-1] = range(merged[-1].start, stop)
            else:
                merged.append(range(start, stop))
        return merged

    def keys(self, i: int, n: int) -> list[int]:
        """Return the keys of query ``i``, ascending."""
        return list(chain.from_iterable(self.ranges(i, n)))

    def row_count(self, i: int, n: int) -> int:
        """Return how many keys query ``i`` sees."""
        _require_query(i, n)
        return self.count_within(range(i, i + 1), range(n), n)

    def count(self, n: int) -> int:
        """Return how many pairs there are among ``n`` positions, without visiting them."""
        _require_size(n)
        return self.count_within(range(n), range(n), n)

    def enumerate_count(self, n: int) -> int:
        """Return the same as ``count`` by asking every pair: the oracle, n² questions."""
        _require_size(n)
        return sum(bool(self.sees(i, j, n)) for i in range(n) for j in range(n))

    def count_within(self, rows: range, columns: range, n: int) -> int:
        """Return how many pairs lie in the given rows and columns."""
        return _counted(self, rows, columns, n)

    def _cells(self, rows: range, columns: range, n: int) -> Iterator["Cell"]:
        atoms = set(self.atoms())
        diagonal_cuts = {cut for atom in atoms for cut in atom.diagonal_cuts(n)}
        row_cuts = chain.from_iterable(atom.row_cuts(rows, n) for atom in atoms)
        for band in geometry.split(rows, row_cuts):
            cuts = chain.from_iterable(atom.column_cuts(band.start, n) for atom in atoms)
            for strip in geometry.split(columns, cuts):
                for between in geometry.split(geometry.diagonals(band, strip), diagonal_cuts):
                    yield Cell(band, strip, between)

    def counted_anew(self, rows: range, columns: range, n: int) -> int:
        """Return the same, worked out and not remembered."""
        steps = self._steps(n)
        return sum(self._count_cell(cell, steps, n) for cell in self._cells(rows, columns, n))

    def _count_cell(self, cell: "Cell", steps: tuple[int, ...], n: int) -> int:
        if not steps:
            return cell.count() if self.sees(*cell.representative, n) else 0
        area = len(cell.rows) * len(cell.columns)
        if len(steps) > MOST_STEPS or area <= TERMS_PER_STEP ** len(steps):
            return sum(self.sees(i, j, n) for i, j in cell.pairs())
        return sum(
            cell.count_divided_by_exactly(divisors, steps)
            for divisors in _subsets(steps)
            if self._holds_in(cell, divisors, n)
        )

    def _holds_in(self, cell: "Cell", divisors: Iterable[int], n: int) -> bool:
        i, j = cell.representative

        def holds(atom: Atom) -> bool:
            step = atom.step(n)
            return bool(atom.holds(i, j, n)) if step is None else step in divisors

        return bool(self.truth(holds))

    def _row_pieces(self, i: int, n: int) -> Iterator[tuple[int, int]]:
        steps = self._steps(n)
        for cell in self._cells(range(i, i + 1), range(n), n):
            start, stop = cell.diagonals.start + i, cell.diagonals.stop + i
            if steps:
                yield from ((j, j + 1) for j in self._divided(cell, i, steps, n))
            elif self.sees(i, start, n):
                yield start, stop

    def _divided(self, cell: "Cell", i: int, steps: tuple[int, ...], n: int) -> Iterator[int]:
        """Yield the keys of query ``i`` in a cell of its row: there divisibility alone decides."""
        known: dict[tuple[int, ...], bool] = {}
        for between in cell.diagonals:
            divisors = tuple(step for step in steps if between % step == 0)
            if divisors not in known:
                known[divisors] = self._holds_in(cell, divisors, n)
            if known[divisors]:
                yield i + between

    def _steps(self, n: int) -> tuple[int, ...]:
        steps = {atom.step(n) for atom in self.atoms()}
        return tuple(sorted(step for step in steps if step is not None))


class Atom(Pattern):
    """A pattern that is not made of others."""

    def atoms(self) -> Iterator["Atom"]:
        """Yield the atom itself."""
        yield self

    def truth(self, of: Callable[["Atom"], Any]) -> Any:
        """Return the truth of the atom itself."""
        return of(self)

    @abstractmethod
    def holds(self, i: Any, j: Any, n: int) -> Any:
        """Say whether query ``i`` sees key ``j``: ints or tensors, by operators only."""

    def diagonal_cuts(self, n: int) -> Iterable[int]:
        """Return each ``key - query`` at which the atom's truth changes."""
        del n
        return ()

    def row_cuts(self, rows: range, n: int) -> Iterable[int]:
        """Return each query among ``rows`` at which the atom's column cuts change."""
        del rows, n
        return ()

    def column_cuts(self, i: int, n: int) -> Iterable[int]:
        """Return each key at which the atom's truth changes in the row of query ``i``."""
        del i, n
        return ()

    def step(self, n: int) -> int | None:
        """Return s if the atom means "s divides key - query", else None."""
        del n
        return None


@dataclass(frozen=True)
class Cell:
    """The pairs of a rectangle that lie on some of its diagonals; never empty."""

    rows: range
    columns: range
    diagonals: range

    @property
    def representative(self) -> tuple[int, int]:
        """One (query, key) of the cell."""
        return geometry.pair_on(self.diagonals.start, self.rows, self.columns)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield every (query, key)."""
        for i in self.rows:
            for j in self.columns:
                if j - i in self.diagonals:
                    yield i, j

    def count(self) -> int:
        """Return how many there are."""
        return geometry.pairs_between(self.rows, self.columns, self.diagonals)

    def count_divided_by_exactly(self, divisors: tuple[int, ...], steps: tuple[int, ...]) -> int:
        """Count the pairs whose ``key - query`` is divided by ``divisors`` and no other step.

        By inclusion and exclusion over the other steps.
        """
        others = tuple(step for step in steps if step not in divisors)
        total = 0
        for more in _subsets(others):
            step = math.lcm(*divisors, *more)
            pairs = geometry.pairs_between(self.rows, self.columns, self.diagonals, step)
            total += (-1) ** len(more) * pairs
        return total


@dataclass(frozen=True)
class Combination(Pattern):
    """Two patterns under one operator.

    The operators bind as in Python, so that notation and code read alike: ``-`` before ``&``
    before ``|``, each from the left.
    """

    left: Pattern
    right: Pattern

    symbol: ClassVar[str]
    precedence: ClassVar[int]

    def atoms(self) -> Iterator[Atom]:
        """Yield the atoms of both sides."""
        yield from self.left.atoms()
        yield from self.right.atoms()

    def __str__(self) -> str:
        left = _operand(self.left, self.precedence)
        return f"{left} {self.symbol} {_operand(self.right, self.precedence + 1)}"


class Union(Combination):
    """Pairs of either."""

    symbol, precedence = "|", 1

    def truth(self, of: Callable[[Atom], Any]) -> Any:
        """Return left or right."""
        return self.left.truth(of) | self.right.truth(of)


class Intersection(Combination):
    """Pairs of both."""

    symbol, precedence = "&", 2

    def truth(self, of: Callable[[Atom], Any]) -> Any:
        """Return left and right."""
        return self.left.truth(of) & self.right.truth(of)


class Difference(Combination):
    """Pairs of the left that are not of the right."""

    symbol, precedence = "-", 3

    def truth(self, of: Callable[[Atom], Any]) -> Any:
        """Return left and not right."""
        # `^ True` negates bools and bool tensors alike; `~True` would be -2.
        return self.left.truth(of) & (self.right.truth(of) ^ True)


def _operand(pattern: Pattern, level: int) -> str:
    loose = isinstance(pattern, Combination) and pattern.precedence < level
    return f"({pattern})" if loose else str(pattern)


# The answer of a variant and the slips that it diagnoses ask for the same counts.
@functools.lru_cache(maxsize=4096)
def _counted(pattern: Pattern, rows: range, columns: range, n: int) -> int:
    return pattern.counted_anew(rows, columns, n)


@functools.lru_cache(maxsize=256)
def _subsets(items: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    sizes = range(len(items) + 1)
    return tuple(chain.from_iterable(combinations(items, size) for size in sizes))


def _require_size(n: int) -> None:
    if n < 1:
        raise ValueError(_("a sequence has at least one position, not %(n)s") % {"n": n})


def _require_query(i: int, n: int) -> None:
    _require_size(n)
    if not 0 <= i < n:
        raise ValueError(_("query %(i)s is not among 0 to %(n)s") % {"i": i, "n": n - 1})

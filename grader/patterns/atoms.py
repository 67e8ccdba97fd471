"""The atoms of the algebra whose arguments are numbers.

Each class is one frozen node. Its integer arguments may depend on ``n``; one that is out of range
raises ArgumentError, at once where it is a number, else when a pattern is asked about an ``n``.
"""

import functools
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from grader.patterns.algebra import Atom
from grader.patterns.expressions import Integer, checked, value_at
from grader.words import gettext as _


class ArgumentError(ValueError):
    """An argument out of its range; ``argument`` is its name."""

    def __init__(self, reason: str, argument: str) -> None:
        super().__init__(reason)
        self.argument = argument


class Parametric(Atom):
    """An atom with integer arguments, and the smallest value of each."""

    name: ClassVar[str]
    smallest: ClassVar[Mapping[str, int]] = {}
    defaults: ClassVar[Mapping[str, int]] = {}

    def __post_init__(self) -> None:
        for argument in self.smallest:
            value = getattr(self, argument)
            if isinstance(value, int):
                self._check(argument, checked(value))

    def _check(self, argument: str, value: int, n: int | None = None) -> int:
        low = self.smallest[argument]
        if value < low:
            told = {"argument": argument, "name": self.name, "low": low, "value": value, "n": n}
            if n is None:
                reason = _(
                    "The %(argument)s of %(name)s must be at least %(low)s; it is %(value)s."
                )
            else:
                reason = _(
                    "The %(argument)s of %(name)s must be at least %(low)s; it is %(value)s at"
                    " n = %(n)s."
                )
            raise ArgumentError(reason % told, argument)
        return value

    def at(self, argument: str, n: int) -> int:
        """Return the argument's value for sequences of length ``n``; raise ArgumentError."""
        value: Integer = getattr(self, argument)
        if isinstance(value, int):
            return value
        return self._check(argument, value_at(value, n), n)

    def __str__(self) -> str:
        arguments = ", ".join(str(getattr(self, argument)) for argument in self.smallest)
        return f"{self.name}({arguments})" if arguments else self.name


@dataclass(frozen=True)
class All(Parametric):
    """Every pair: dense attention without a mask."""

    name = "all"

    def holds(self, i: Any, j: Any, n: int) -> Any:
        """Say yes, in the broadcast shape of both indices."""
        del n
        return (i - j) == (i - j)


@dataclass(frozen=True)
class Causal(Parametric):
    """A query sees itself and what came before it."""

    name = "causal"

    def holds(self, i: Any, j: Any, n: int) -> Any:
        """j <= i."""
        del n
        return j <= i

    def diagonal_cuts(self, n: int) -> Iterable[int]:
        """Truth ends after the main diagonal."""
        del n
        return (1,)


@dataclass(frozen=True)
class Window(Parametric):
    """A query sees keys nearer than ``width``, itself among them, on both sides.

    With ``causal`` that is ``width`` keys. The local part of Longformer (Beltagy et al., 2020).
    """

    width: Integer

    name = "window"
    smallest = {"width": 1}

    def holds(self, i: Any, j: Any, n: int) -> Any:
        """|i - j| < width."""
        width = self.at("width", n)
        return (i - j < width) & (j - i < width)

    def diagonal_cuts(self, n: int) -> Iterable[int]:
        """Truth holds from -width + 1 to width - 1."""
        width = self.at("width", n)
        return (1 - width, width)


@dataclass(frozen=True)
class Dilated(Parametric):
    """A query sees every ``stride``-th key, counted from itself, on both sides.

    The strided part of Sparse Transformers (Child et al., 2019).
    """

    stride: Integer

    name = "dilated"
    smallest = {"stride": 1}

    def holds(self, i: Any, j: Any, n: int) -> Any:
        """Stride divides i - j."""
        return (i - j) % self.at("stride", n) == 0

    def step(self, n: int) -> int | None:
        """Return the stride."""
        return self.at("stride", n)


@dataclass(frozen=True)
class Sinks(Parametric):
    """Every query sees the first ``number`` keys (attention sinks, Xiao et al., 2023)."""

    number: Integer

    name = "sinks"
    smallest = {"number": 0}

    def holds(self, i: Any, j: Any, n: int) -> Any:
        """j < number, in the broadcast shape of both indices."""
        return (j < self.at("number", n)) & (i == i)

    def column_cuts(self, i: int, n: int) -> Iterable[int]:
        """Truth ends after the last sink."""
        del i
        return (self.at("number", n),)


@dataclass(frozen=True)
class Blocks(Parametric):
    """Positions in blocks of ``size``; a query sees the blocks within ``reach`` of its own."""

    size: Integer
    reach: Integer = 0

    name = "blocks"
    smallest = {"size": 1, "reach": 0}
    defaults = {"reach": 0}

    def holds(self, i: Any, j: Any, n: int) -> Any:
        """|i // size - j // size| <= reach."""
        size, reach = self.at("size", n), self.at("reach", n)
        apart = i // size - j // size
        return (apart <= reach) & (-apart <= reach)

    def row_cuts(self, rows: range, n: int) -> Iterable[int]:
        """A new band of rows begins with every block."""
        return _block_starts(rows, self.at("size", n))

    def column_cuts(self, i: int, n: int) -> Iterable[int]:
        """Truth holds over the blocks from -reach to reach around the query's own."""
        size, reach = self.at("size", n), self.at("reach", n)
        block = i // size
        return (size * (block - reach), size * (block + reach + 1))


@dataclass(frozen=True)
class RandomBlocks(Parametric):
    """Positions in blocks of ``size``; each block of queries sees ``number`` random blocks of keys.

    The random part of BigBird (Zaheer et al., 2020). The blocks of one row are different, all
    blocks where ``number`` is too large, and depend on the seed and the number of blocks alone,
    on every machine and version.
    """

    size: Integer
    number: Integer
    seed: Integer

    name = "random_blocks"
    smallest = {"size": 1, "number": 0, "seed": 0}

    def holds(self, i: Any, j: Any, n: int) -> Any:
        """Say whether j // size was drawn for i // size."""
        size = self.at("size", n)
        if isinstance(i, int) and isinstance(j, int):
            return j // size in self.drawn(i // size, n)
        seen = i - j != i - j
        for block in range(-(-n // size)):
            for other in self.drawn(block, n):
                seen = seen | ((i // size == block) & (j // size == other))
        return seen

    def drawn(self, block: int, n: int) -> frozenset[int]:
        """Return the blocks of keys that a block of queries sees."""
        blocks = -(-n // self.at("size", n))
        return _draw(self.at("seed", n), block, self.at("number", n), blocks)

    def row_cuts(self, rows: range, n: int) -> Iterable[int]:
        """A new band of rows begins with every block."""
        return _block_starts(rows, self.at("size", n))

    def column_cuts(self, i: int, n: int) -> Iterable[int]:
        """Truth holds over each block drawn."""
        size = self.at("size", n)
        for block in self.drawn(i // size, n):
            yield from (size * block, size * (block + 1))


def _block_starts(rows: range, size: int) -> Iterator[int]:
    first = -(-rows.start // size) * size
    yield from range(first, rows.stop, size)


@functools.lru_cache(maxsize=4096)
def _draw(seed: int, row: int, number: int, blocks: int) -> frozenset[int]:
    """Draw ``number`` different blocks out of ``blocks`` by Floyd's method."""
    if number >= blocks:
        return frozenset(range(blocks))
    drawn: set[int] = set()
    for top in range(blocks - number, blocks):
        # Python's own generators promise the same numbers only within a version.
        text = f"{seed}:{row}:{blocks}:{top}".encode()
        pick = int.from_bytes(hashlib.sha256(text).digest()[:8], "big") % (top + 1)
        drawn.add(top if pick in drawn else pick)
    return frozenset(drawn)


PARAMETRIC: dict[str, type[Parametric]] = {
    atom.name: atom for atom in (All, Blocks, Causal, Dilated, RandomBlocks, Sinks, Window)
}
"""The atoms by name, all but ``globals``, whose arguments are positions."""

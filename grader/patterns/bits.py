"""A second way to count: rows of a pattern as bit sets.

Bit j of a row is set where its query sees key j; everything is 0-based. Each node of the tree is
evaluated from its definition by shifts and masks of Python ints, and nothing of the closed forms
is used: neither cells and cuts nor the predicate.

Atoms that look only at ``key - query`` are one set of diagonals, and so is a tree of such atoms.
Bit ``d + n - 1`` of that set stands for the diagonal d, so that a row is n neighbouring bits of
it, and moving on by one query moves these by one bit.
"""

from collections.abc import Callable
from functools import lru_cache, partial, reduce
from itertools import accumulate
from operator import or_

from grader.patterns.algebra import Combination, Intersection, Pattern, Union
from grader.patterns.atoms import All, Blocks, Causal, Dilated, RandomBlocks, Sinks, Window
from grader.patterns.expressions import value_at
from grader.patterns.positions import Globals, Slice

Row = Callable[[int], int]


def row_bits(pattern: Pattern, i: int, n: int) -> int:
    """Return the keys that query ``i`` of ``n`` sees, as the bits of an int."""
    return rows(pattern, n)(i)


def count_by_bits(pattern: Pattern, n: int) -> int:
    """Return how many pairs there are among ``n`` positions, by counting the bits of each row."""
    shared = diagonals(pattern, n)
    if shared is not None:
        return _bits_in_sliding_rows(shared, n)
    row = rows(pattern, n)
    return sum(row(i).bit_count() for i in range(n))


def depends_on_distance_alone(pattern: Pattern) -> bool:
    """Say whether rows are the same but for their place, so that counting takes n steps, not n²."""
    return all(isinstance(atom, All | Causal | Window | Dilated) for atom in pattern.atoms())


def rows(pattern: Pattern, n: int) -> Row:
    """Return a function from a query to the bits of its row."""
    shared = diagonals(pattern, n)
    if shared is not None:
        return partial(_row_of_diagonals, shared, n)
    if isinstance(pattern, Combination):
        return _joined(pattern, rows(pattern.left, n), rows(pattern.right, n))
    if isinstance(pattern, Sinks):
        first = _lowest(min(pattern.at("number", n), n))
        return lambda _: first
    if isinstance(pattern, Globals):
        chosen = _chosen(pattern, n)
        return lambda i: _lowest(n) if chosen >> i & 1 else chosen
    if isinstance(pattern, Blocks | RandomBlocks):
        size = pattern.at("size", n)
        of_block = lru_cache(maxsize=1)(partial(_keys_of_block, pattern, n))
        return lambda i: of_block(i // size)
    raise TypeError(f"{pattern} has no rows by rule")


def diagonals(pattern: Pattern, n: int) -> int | None:
    """Return the diagonals of a tree whose atoms look only at ``key - query``; else None."""
    if not depends_on_distance_alone(pattern):
        return None
    return _diagonals(pattern, n)


def _diagonals(pattern: Pattern, n: int) -> int:
    if isinstance(pattern, Combination):
        return _apply(pattern, _diagonals(pattern.left, n), _diagonals(pattern.right, n))
    if isinstance(pattern, All):
        return _lowest(2 * n - 1)
    if isinstance(pattern, Causal):
        return _lowest(n)
    if isinstance(pattern, Window):
        width = min(pattern.at("width", n), n)
        return _lowest(2 * width - 1) << n - width
    assert isinstance(pattern, Dilated)
    stride = pattern.at("stride", n)
    return _every(stride, n) << n - 1 | _every(stride, n, downwards=True)


def _row_of_diagonals(shared: int, n: int, i: int) -> int:
    return shared >> n - 1 - i & _lowest(n)


def _bits_in_sliding_rows(shared: int, n: int) -> int:
    """Add up the rows of one set of diagonals: each is n neighbours of its 2n - 1 bits."""
    written = reversed(f"{shared:0{2 * n - 1}b}")
    below = list(accumulate((bit == "1" for bit in written), initial=0))
    return sum(below[start + n] - below[start] for start in range(n))


def _joined(node: Combination, left: Row, right: Row) -> Row:
    if isinstance(node, Union):
        return lambda i: left(i) | right(i)
    if isinstance(node, Intersection):
        return lambda i: left(i) & right(i)
    return lambda i: left(i) & ~right(i)


def _apply(node: Combination, left: int, right: int) -> int:
    return _joined(node, lambda _: left, lambda _: right)(0)


def _chosen(atom: Globals, n: int) -> int:
    """Return the global positions, found as Python itself slices."""
    bits = 0
    for position in atom.positions:
        if isinstance(position, Slice):
            ends = (position.start, position.stop)
            start, stop = (None if end is None else value_at(end, n) for end in ends)
            keys = range(n)[start:stop]
        else:
            place = value_at(position, n)
            keys = range(n)[place : place + 1 or None] if -n <= place < n else range(0)
        bits |= _span(keys.start, keys.stop)
    return bits


def _keys_of_block(atom: Blocks | RandomBlocks, n: int, block: int) -> int:
    """Return the keys that all queries of a block see."""
    size = atom.at("size", n)
    if isinstance(atom, Blocks):
        reach = atom.at("reach", n)
        return _span(max(0, block - reach) * size, min(n, (block + reach + 1) * size))
    spans = (_span(one * size, min(n, (one + 1) * size)) for one in atom.drawn(block, n))
    return reduce(or_, spans, 0)


def _every(step: int, count: int, *, downwards: bool = False) -> int:
    """Return ``count`` bits of which every ``step``-th is set, from the lowest or the highest."""
    bits = ("1" + "0" * (min(step, count) - 1)) * (count // step + 1)
    written = bits[:count]
    return int(written if downwards else written[::-1], 2)


def _lowest(count: int) -> int:
    return (1 << count) - 1


def _span(start: int, stop: int) -> int:
    return _lowest(stop) & ~_lowest(start) if start < stop else 0

"""A pattern, node by node, as conditions that a learner's file can hold.

``sees`` is exact: it speaks of a query ``i`` and a key ``j``. ``may_see`` and ``always_sees`` speak
of a tile, the queries ``first_i`` to ``last_i`` and the keys ``first_j`` to ``last_j``: a tile for
which the one is false holds no pair, a tile for which the other is true holds all of them. Between
the two nothing is said, so that few comparisons are enough.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from grader.exercises.typed.declaration import Refused
from grader.exercises.typed.formulas import Formula, Leaf, Not, every, some
from grader.patterns import (
    All,
    Blocks,
    Causal,
    Difference,
    Dilated,
    Globals,
    Intersection,
    Pattern,
    RandomBlocks,
    Sinks,
    Slice,
    Union,
    Window,
)
from grader.patterns.expressions import FUNCTIONS, Integer, Name, Operation, Size

_LEAST, _MOST = "first_i - last_j", "last_i - first_j"
"""The smallest and the largest ``i - j`` of a tile."""


Sense = Literal["sees", "may_see", "always_sees"]

_BEHIND_A_MINUS: dict[Sense, Sense] = {
    "sees": "sees",
    "may_see": "always_sees",
    "always_sees": "may_see",
}


@dataclass(frozen=True)
class Translation:
    """Writes conditions; ``tables`` names the table of drawn blocks of each random node.

    With ``listed`` these are the rows of ``random_blocks``, for people to read.
    """

    tables: Mapping[RandomBlocks, str]
    listed: bool = False

    def __call__(self, pattern: Pattern, sense: Sense = "sees") -> Formula:
        """Return the condition. Raises Refused for a node that has no translation."""
        if isinstance(pattern, Union):
            return some([self(pattern.left, sense), self(pattern.right, sense)])
        if isinstance(pattern, Intersection):
            return every([self(pattern.left, sense), self(pattern.right, sense)])
        if isinstance(pattern, Difference):
            without = Not(self(pattern.right, _BEHIND_A_MINUS[sense]))
            return every([self(pattern.left, sense), without])
        if isinstance(pattern, RandomBlocks):
            return self._drawn(pattern, sense)
        return _written(pattern, sense)

    def _drawn(self, pattern: RandomBlocks, sense: Sense) -> Formula:
        table, size = self.tables[pattern], tight(pattern.size)
        if self.listed:
            return Leaf(f"j // {size} in random_blocks[i // {size}]")
        if sense == "sees":
            return Leaf(f"{table}[i // {size}, j // {size}]", tight=True)
        function = "some_drawn" if sense == "may_see" else "all_drawn"
        ends = "first_i, last_i, first_j, last_j"
        return Leaf(f"{function}({table}, {pattern.size}, {ends})", tight=True)


def tight(value: Integer) -> str:
    """Return an argument as it stands beside any operator."""
    loose = isinstance(value, Operation) and value.symbol not in FUNCTIONS
    return f"({value})" if loose else str(value)


def never_negative(value: Integer) -> bool:
    """Say whether this is plain to see; parameters are never negative."""
    if isinstance(value, int):
        return value >= 0
    if isinstance(value, Size | Name):
        return True
    signs = never_negative(value.left), never_negative(value.right)
    return any(signs) if value.symbol == "max" else value.symbol != "-" and all(signs)


_Writer = Callable[..., Formula]


def _written(pattern: Pattern, sense: Sense) -> Formula:
    writer = _WRITERS[sense].get(type(pattern))
    if writer is None:
        reason = f"'{pattern}' has no translation into a learner's file, so that no model solution"
        raise Refused("pattern", f"{reason} can be written. Leave it out of the pattern.")
    return writer(pattern)


# One query and one key


def _window(pattern: Window) -> Formula:
    return Leaf(f"abs(i - j) < {pattern.width}")


def _dilated(pattern: Dilated) -> Formula:
    return Leaf(f"(i - j) % {tight(pattern.stride)} == 0")


def _blocks(pattern: Blocks) -> Formula:
    size = tight(pattern.size)
    if pattern.reach == 0:
        return Leaf(f"i // {size} == j // {size}")
    return Leaf(f"abs(i // {size} - j // {size}) <= {pattern.reach}")


def _globals(pattern: Globals) -> Formula:
    return some(_within(position, side, side) for position in pattern.positions for side in "ij")


def _within(position: Integer | Slice, first: str, last: str) -> Formula:
    """Say whether a chosen position may lie between these two, or where they are one, is it."""
    if not isinstance(position, Slice):
        at = _position(position)
        if first == last:
            return Leaf(f"{first} == {at}")
        return every([Leaf(f"{first} <= {at}"), Leaf(f"{last} >= {at}")])
    start, stop = _ends(position)
    above = [Leaf(f"{last} >= {start}")] if start else []
    below = [Leaf(f"{first} < {stop}")] if stop else []
    return every([*above, *below] or [Leaf(f"{first} >= 0")])


def _position(value: Integer) -> str:
    if isinstance(value, int) and value < 0:
        return f"n - {-value}"
    return str(value) if never_negative(value) else f"({value} if {value} >= 0 else {value} + n)"


def _ends(part: Slice) -> tuple[str, str]:
    """Return the first position and the one after the last; an empty text where any will do."""
    ends = [end for end in (part.start, part.stop) if end is not None]
    if not all(map(never_negative, ends)):
        return f"range(n)[{part}].start", f"range(n)[{part}].stop"
    start, stop = ("" if end is None else str(end) for end in (part.start, part.stop))
    return "" if start == "0" else start, stop


# A tile of queries and keys


def _window_met(pattern: Window) -> Formula:
    width = tight(pattern.width)
    return every([Leaf(f"{_LEAST} < {width}"), Leaf(f"{_MOST} > -{width}")])


def _window_filled(pattern: Window) -> Formula:
    width = tight(pattern.width)
    return every([Leaf(f"{_LEAST} > -{width}"), Leaf(f"{_MOST} < {width}")])


def _dilated_met(pattern: Dilated) -> Formula:
    stride = tight(pattern.stride)
    return Leaf(f"({_MOST}) // {stride} * {stride} >= {_LEAST}")


def _dilated_filled(pattern: Dilated) -> Formula:
    # A single diagonal, or a stride of 1: other tiles are never full of multiples.
    stride = tight(pattern.stride)
    divided = Leaf(f"({_MOST}) % {stride} == 0")
    return every([divided, Leaf(f"({_MOST} - ({_LEAST})) * ({stride} - 1) == 0")])


def _blocks_apart(pattern: Blocks) -> tuple[str, str]:
    """Return the smallest and the largest difference between the blocks of a tile."""
    size = tight(pattern.size)
    return f"first_i // {size} - last_j // {size}", f"last_i // {size} - first_j // {size}"


def _blocks_met(pattern: Blocks) -> Formula:
    (least, most), reach = _blocks_apart(pattern), tight(pattern.reach)
    return every([Leaf(f"{least} <= {reach}"), Leaf(f"{most} >= -{reach}")])


def _blocks_filled(pattern: Blocks) -> Formula:
    (least, most), reach = _blocks_apart(pattern), tight(pattern.reach)
    return every([Leaf(f"{least} >= -{reach}"), Leaf(f"{most} <= {reach}")])


def _globals_met(pattern: Globals) -> Formula:
    return some(
        _within(position, f"first_{side}", f"last_{side}")
        for position in pattern.positions
        for side in "ij"
    )


def _globals_filled(pattern: Globals) -> Formula:
    return some(
        # The tile's first and last position are both chosen: within one slice, so is all between.
        every([_within(position, f"{end}_{side}", f"{end}_{side}") for end in ("first", "last")])
        for position in pattern.positions
        for side in "ij"
    )


_WRITERS: dict[Sense, dict[type[Pattern], _Writer]] = {
    "sees": {
        All: lambda _: Leaf("i - j == i - j"),
        Causal: lambda _: Leaf("j <= i"),
        Window: _window,
        Dilated: _dilated,
        Sinks: lambda pattern: Leaf(f"j < {pattern.number}"),
        Blocks: _blocks,
        Globals: _globals,
    },
    "may_see": {
        All: lambda _: Leaf(f"{_LEAST} <= {_MOST}"),
        Causal: lambda _: Leaf(f"{_MOST} >= 0"),
        Window: _window_met,
        Dilated: _dilated_met,
        Sinks: lambda pattern: Leaf(f"first_j < {pattern.number}"),
        Blocks: _blocks_met,
        Globals: _globals_met,
    },
    "always_sees": {
        All: lambda _: Leaf(f"{_LEAST} <= {_MOST}"),
        Causal: lambda _: Leaf(f"{_LEAST} >= 0"),
        Window: _window_filled,
        Dilated: _dilated_filled,
        Sinks: lambda pattern: Leaf(f"last_j < {pattern.number}"),
        Blocks: _blocks_filled,
        Globals: _globals_filled,
    },
}

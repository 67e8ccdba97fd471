"""Trees of patterns with other arguments or other nodes in them."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from grader.patterns import Globals, Pattern, RandomBlocks, Slice
from grader.patterns.algebra import Atom, Combination
from grader.patterns.expressions import Integer, Name, Operation, combine

Change = Callable[[Integer], Integer]


def with_nodes(pattern: Pattern, change: Callable[[Pattern], Pattern]) -> Pattern:
    """Return the tree in which every node, from the leaves up, is what ``change`` makes of it."""
    if isinstance(pattern, Combination):
        left, right = with_nodes(pattern.left, change), with_nodes(pattern.right, change)
        pattern = type(pattern)(left, right)
    return change(pattern)


def with_arguments(pattern: Pattern, change: Change) -> Pattern:
    """Return the tree with its arguments changed. Raises ArgumentError, ExpressionError."""
    return with_nodes(
        pattern, lambda node: _changed(node, change) if isinstance(node, Atom) else node
    )


def bound(pattern: Pattern, values: Mapping[str, int]) -> Pattern:
    """Return the tree with some names replaced by their values. Raises like with_arguments."""
    return with_arguments(pattern, lambda value: replaced(value, values))


def replaced(value: Integer, values: Mapping[Any, Integer]) -> Integer:
    """Return an argument with names replaced. Raises ExpressionError."""
    if isinstance(value, Name):
        return values.get(value.name, value)
    if isinstance(value, Operation):
        left, right = replaced(value.left, values), replaced(value.right, values)
        return combine(value.symbol, left, right)
    return value


def arguments(atom: Atom) -> Iterator[tuple[str, Integer]]:
    """Yield each integer argument of a node with its field, the ends of slices too."""
    for field in dataclasses.fields(atom):  # type: ignore[arg-type]  # every node is a dataclass
        for part in _parts(getattr(atom, field.name)):
            yield field.name, part


def names_in(value: Integer) -> set[str]:
    """Return the names of an argument."""
    if isinstance(value, Name):
        return {value.name}
    return names_in(value.left) | names_in(value.right) if isinstance(value, Operation) else set()


def names_that_only_draw(pattern: Pattern, *fields: str) -> set[str]:
    """Return the names that stand in these fields of random nodes and nowhere else."""
    inside: set[str] = set()
    elsewhere: set[str] = set()
    for atom in pattern.atoms():
        for field, value in arguments(atom):
            draws = isinstance(atom, RandomBlocks) and field in fields
            (inside if draws else elsewhere).update(names_in(value))
    return inside - elsewhere


def _parts(value: Integer | tuple[Integer | Slice, ...]) -> Iterator[Integer]:
    if not isinstance(value, tuple):
        yield value
        return
    for position in value:
        ends = (position.start, position.stop) if isinstance(position, Slice) else (position,)
        yield from (end for end in ends if end is not None)


def _changed(atom: Atom, change: Change) -> Pattern:
    if isinstance(atom, Globals):
        return Globals(tuple(_changed_position(position, change) for position in atom.positions))
    fields = {name: change(value) for name, value in arguments(atom)}
    return dataclasses.replace(atom, **fields)  # type: ignore[type-var]  # every node is a dataclass


def _changed_position(position: Integer | Slice, change: Change) -> Integer | Slice:
    if not isinstance(position, Slice):
        return change(position)
    start, stop = (None if end is None else change(end) for end in (position.start, position.stop))
    return Slice(start, stop)

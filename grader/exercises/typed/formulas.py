"""Conditions as trees, written as Python for people or as expressions over torch's tensors."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

WIDTH = 96


@dataclass(frozen=True)
class Leaf:
    """A comparison, or with ``tight`` something that needs no parentheses beside ``&``."""

    text: str
    tight: bool = False


@dataclass(frozen=True)
class Not:
    """What does not hold."""

    of: "Formula"


@dataclass(frozen=True)
class Join:
    """All of several (``&``) or any of them (``|``)."""

    sign: Literal["&", "|"]
    parts: tuple["Formula", ...]


Formula = Leaf | Not | Join


def every(parts: Iterable[Formula]) -> Formula:
    """Return what says that all hold, as flat as can be."""
    return _join("&", parts)


def some(parts: Iterable[Formula]) -> Formula:
    """Return what says that one holds, as flat as can be."""
    return _join("|", parts)


def _join(sign: Literal["&", "|"], parts: Iterable[Formula]) -> Formula:
    flat: list[Formula] = []
    for part in parts:
        flat += part.parts if isinstance(part, Join) and part.sign == sign else (part,)
    return flat[0] if len(flat) == 1 else Join(sign, tuple(flat))


def condition(formula: Formula) -> str:
    """Return it as a condition on ints, with ``and``, ``or`` and ``not``."""
    if isinstance(formula, Leaf):
        return formula.text
    if isinstance(formula, Not):
        return f"not {_grouped(formula.of)}"
    word = {"&": " and ", "|": " or "}[formula.sign]
    return word.join(map(_grouped, formula.parts))


def _grouped(formula: Formula) -> str:
    return f"({condition(formula)})" if isinstance(formula, Join) else condition(formula)


def returned(formula: Formula, indent: int) -> list[str]:
    """Return the lines of a statement that returns it, over tensors, for a column to begin at."""
    room = WIDTH - indent - len("return ")
    whole = _inline(formula)
    first, *rest = [whole] if len(whole) <= room else _lines(formula, room)
    return [f"return {first}", *rest]


def _inline(formula: Formula) -> str:
    if isinstance(formula, Leaf):
        return formula.text
    if isinstance(formula, Not):
        return f"~{_wrapped(formula.of)}"
    return f" {formula.sign} ".join(map(_wrapped, formula.parts))


def _wrapped(formula: Formula) -> str:
    bare = formula.tight if isinstance(formula, Leaf) else isinstance(formula, Not)
    return _inline(formula) if bare else f"({_inline(formula)})"


def _lines(formula: Formula, room: int) -> list[str]:
    """Return an operand as lines, broken at its signs where it is too long."""
    whole = _wrapped(formula)
    if len(whole) <= room or isinstance(formula, Leaf):
        return [whole]
    if isinstance(formula, Not):
        first, *rest = _lines(formula.of, room - 1)
        return [f"~{first}", *rest]
    broken = []
    for place, part in enumerate(formula.parts):
        first, *rest = _lines(part, room - 6)
        broken += [f"{formula.sign} {first}" if place else first, *rest]
    return ["(", *(f"    {line}" for line in broken), ")"]

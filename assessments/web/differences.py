"""Two files line by line, one beside the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from assessments.web.texts import without_controls

CONTEXT = 3
_MOST_ALIGNED = 4_000
"""Lines of both files beyond which they are not aligned: that would take too long for a page."""


@dataclass(frozen=True)
class Line:
    """A line of a file with its number from 1; only ``changed`` differs from its counterpart."""

    number: int
    before: str
    changed: str = ""
    after: str = ""


@dataclass(frozen=True)
class Row:
    """Lines that stand beside each other; a side is None where the other file has a line more."""

    left: Line | None
    right: Line | None


@dataclass(frozen=True)
class Hunk:
    """Rows that are equal or not; ``left_out`` counts the equal ones that are not shown."""

    equal: bool
    rows: tuple[Row, ...]
    left_out: int = 0

    @property
    def removed(self) -> list[Line]:
        """The lines of the first file."""
        return [row.left for row in self.rows if row.left]

    @property
    def added(self) -> list[Line]:
        """The lines of the second file."""
        return [row.right for row in self.rows if row.right]


def hunks(first: str, second: str, *, whole: bool = False) -> list[Hunk]:
    """Return what is equal and what differs, in order.

    Of equal lines only ``CONTEXT`` beside a difference are shown, unless ``whole``.
    """
    left, right = (without_controls(text).split("\n") for text in (first, second))
    found: list[Hunk] = []
    for is_equal, a, b in _blocks(left, right):
        if is_equal:
            rows = [
                Row(Line(a.start + k + 1, text), Line(b.start + k + 1, text))
                for k, text in enumerate(left[a])
            ]
            found += [Hunk(equal=True, rows=tuple(rows))] if whole else _folded(rows, a, left)
        else:
            found.append(Hunk(equal=False, rows=tuple(_changed(left, a, right, b))))
    return found


def counts(found: list[Hunk]) -> dict[str, int]:
    """Return how many lines are gone and how many are new."""
    differing = [hunk for hunk in found if not hunk.equal]
    return {
        "removed": sum(len(hunk.removed) for hunk in differing),
        "added": sum(len(hunk.added) for hunk in differing),
    }


def _blocks(left: list[str], right: list[str]) -> Iterator[tuple[bool, slice, slice]]:
    if len(left) + len(right) > _MOST_ALIGNED:
        yield left == right, slice(0, len(left)), slice(0, len(right))
        return
    for tag, a, a_end, b, b_end in SequenceMatcher(None, left, right).get_opcodes():
        yield tag == "equal", slice(a, a_end), slice(b, b_end)


def _folded(rows: list[Row], place: slice, left: list[str]) -> list[Hunk]:
    """Leave out the middle of equal rows, and what stands before the first or after the last."""
    head = 0 if place.start == 0 else CONTEXT
    tail = 0 if place.stop == len(left) else CONTEXT
    left_out = len(rows) - head - tail
    if left_out <= 1:
        return [Hunk(equal=True, rows=tuple(rows))]
    parts = [
        Hunk(equal=True, rows=tuple(rows[:head])),
        Hunk(equal=True, rows=(), left_out=left_out),
        Hunk(equal=True, rows=tuple(rows[len(rows) - tail :])),
    ]
    return [part for part in parts if part.rows or part.left_out]


def _changed(left: list[str], a: slice, right: list[str], b: slice) -> Iterator[Row]:
    for k, (old, new) in enumerate(zip_longest(left[a], right[b])):
        marks = _marked(old, new) if old is not None and new is not None else None
        yield Row(
            None if old is None else Line(a.start + k + 1, *(marks[0] if marks else ("", old))),
            None if new is None else Line(b.start + k + 1, *(marks[1] if marks else ("", new))),
        )


def _marked(old: str, new: str) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
    """Split two lines into what they begin with alike, what differs, and what they end alike."""
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    first, second = (
        (text[:start], text[start : len(text) - end], text[len(text) - end :])
        for text in (old, new)
    )
    return first, second


def _alike(one: str, other: str) -> int:
    """Return with how many characters both begin alike."""
    pairs = zip(one, other, strict=False)
    return next((k for k, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))

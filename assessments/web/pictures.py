"""Masks for pages: the drawing, one query's row chosen, and the same in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from grader.contract import Exercise
from grader.patterns import parse
from grader.patterns.pictures import MOST_SQUARES, mask_svg
from grader.patterns.text import Row, describe, rows


@dataclass(frozen=True)
class MaskPicture:
    """A drawn pattern with one query chosen; ``query`` is counted from 1.

    ``rows`` tells the same of every query, for those who read rather than look.
    """

    svg: SafeString
    n: int
    query: int
    words: str
    caption: str
    rows: tuple[Row, ...]


def concept_picture(notation: str, n: int, *, title: str, query: str | None) -> MaskPicture:
    """Draw a concept's pattern; ``query`` is what the address asks for, perhaps nonsense."""
    caption = _("%(notation)s, n = %(n)d") % {"notation": notation, "n": n}
    return _picture(notation, (), n, title, caption, _chosen(query, n))


def exercise_picture(exercise: Exercise, *, query: str | None) -> MaskPicture:
    """Draw an exercise's pattern at a size of its first case that fits, its parameters half-way."""
    case = exercise.cases[0]
    n = min(case.n.low, MOST_SQUARES)
    names = {name: (draw.low + draw.high) // 2 for name, draw in case.parameters.items()}
    values = [f"n = {n}", *(f"{name} = {value}" for name, value in names.items())]
    caption = _("Drawn for %(values)s; you are graded on other values too.") % {
        "values": ", ".join(values)
    }
    title = _("The pairs that %(title)s attends to") % {"title": exercise.title}
    items = tuple(sorted(names.items()))
    return _picture(exercise.pattern, items, n, title, caption, _chosen(query, n))


def _chosen(query: str | None, n: int) -> int:
    """Return the query asked for, kept inside 1 to n; without one, a row past the middle."""
    if query is not None and query.isascii() and query.isdigit() and len(query) < 9:
        return min(max(int(query), 1), n)
    return -(-3 * n // 4)


@lru_cache(maxsize=512)
def _picture(
    notation: str,
    names: tuple[tuple[str, int], ...],
    n: int,
    title: str,
    caption: str,
    query: int,
) -> MaskPicture:
    bound: Mapping[str, int] = dict(names)
    pattern = parse(notation, bound)
    row = f'class="mask-row" data-query="{query}"'
    svg = mask_svg(pattern, n, title=title).replace(row, row.replace("mask-row", "mask-row chosen"))
    words = describe(pattern, n, query)
    told = tuple(rows(pattern, n))
    return MaskPicture(mark_safe(svg), n, query, words, caption, told)  # noqa: S308 (drawn by us)

"""Masks for pages: the drawing, one query's row chosen, and the same in words."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from grader.contract import Draw, Exercise
from grader.patterns import Pattern, parse
from grader.patterns.pictures import MOST_SQUARES, mask_svg
from grader.patterns.selection import Selection
from grader.patterns.text import Row, describe, rows
from question_bank.masks import Mask

_AXES = 8


@dataclass(frozen=True)
class MaskPicture:
    """A drawn pattern of ``queries`` rows with one chosen; ``query`` is counted from 1.

    ``rows`` tells the same of every query, for those who read rather than look.
    """

    svg: SafeString
    queries: int
    query: int
    words: str
    caption: str
    rows: tuple[Row, ...]


def pattern_picture(
    pattern: Pattern, n: int, *, title: str, caption: str, query: str | None
) -> MaskPicture:
    """Draw a pattern; ``query`` is what the address asks for, perhaps nonsense."""
    return _picture(pattern, n, n, title, caption, _chosen(query, n))


def exercise_picture(exercise: Exercise, *, query: str | None) -> MaskPicture:
    """Draw an exercise's pattern at a size of its first case that fits, its parameters half-way."""
    example = _example_of(exercise.model_dump_json())
    title = _("The pairs that %(title)s attends to") % {"title": exercise.title}
    caption = " ".join([_caption(example), *_remarks(exercise, example)])
    chosen = _chosen(query, example.queries)
    return _picture(example.pattern, example.queries, example.n, title, caption, chosen)


def mask_figure(mask: Mask) -> SafeString:
    """Draw a mask within a text: picture, title, and every row in a table that opens."""
    told = rows(mask.pattern, mask.n)
    svg = mark_safe(mask_svg(mask.pattern, mask.n, title=mask.title))  # noqa: S308 (drawn by us)
    shown = {"svg": svg, "title": mask.title, "rows": told}
    return render_to_string("web/parts/mask_in_text.html", shown)


@dataclass(frozen=True)
class _Example:
    pattern: Pattern
    queries: int
    n: int
    ranks: int
    values: tuple[tuple[str, int], ...]


@lru_cache(maxsize=64)
def _example_of(declaration: str) -> _Example:
    exercise = Exercise.model_validate_json(declaration)
    case = exercise.cases[0]
    ranks = _half_way(case.ranks)
    n = -(-min(case.n.low, MOST_SQUARES - ranks + 1) // ranks) * ranks
    queries = min(case.queries.low, MOST_SQUARES) if case.queries else n
    names = {name: _half_way(draw) for name, draw in case.parameters.items()}
    pattern = parse(exercise.pattern, names)
    if exercise.top_k is not None:
        pattern = _largest_scores(queries, n, names[exercise.top_k])
    # What is drawn without reaching the function, such as a seed, tells a learner nothing.
    values = tuple((name, names[name]) for name in exercise.parameters)
    return _Example(pattern, queries, n, ranks, values)


def _half_way(draw: Draw) -> int:
    return (draw.low + draw.high) // 2


def _largest_scores(queries: int, n: int, top_k: int) -> Selection:
    """Choose keys as the data would: by the scores of vectors drawn at random, always the same."""
    draws = random.Random(n)  # noqa: S311 (a picture)
    vectors = [[draws.gauss(0, 1) for _axis in range(_AXES)] for _ in range(queries + n)]
    q, k = vectors[:queries], vectors[queries:]
    pairs: set[tuple[int, int]] = set()
    for i, query in enumerate(q):
        scores = [sum(a * b for a, b in zip(query, key, strict=True)) for key in k]
        best = sorted(range(n), key=scores.__getitem__)[-top_k:]
        pairs.update((i, j) for j in best)
    return Selection(frozenset(pairs))


def _caption(example: _Example) -> str:
    sizes = [("n", example.n)]
    if example.queries != example.n:
        sizes.append(("m", example.queries))
    values = [f"{name} = {value}" for name, value in [*sizes, *example.values]]
    return _("Drawn for %(values)s; you are graded on other values too.") % {
        "values": ", ".join(values)
    }


def _remarks(exercise: Exercise, example: _Example) -> Iterator[str]:
    """Yield what a picture of pairs cannot show of an exercise."""
    if exercise.top_k is not None:
        yield _("The scores are drawn at random here: every call has other pairs.")
    if exercise.tensors:
        yield _("The blocks are drawn at random, other ones for every call.")
    if exercise.cases[0].groups.high > 1:
        yield _("Every query head has this mask.")
    if exercise.form == "ring":
        yield _("%(ranks)d ranks hold %(each)d rows and %(each)d keys each, in order.") % {
            "ranks": example.ranks,
            "each": example.n // example.ranks,
        }
    if exercise.form == "decode":
        yield _("Each row is one step: a token that comes after those above it.")
    if exercise.weights == "elu":
        yield _("Every pair has its weight in the result; none of them need be formed by itself.")


def _chosen(query: str | None, n: int) -> int:
    """Return the query asked for, kept inside 1 to n; without one, a row past the middle."""
    if query is not None and query.isascii() and query.isdigit() and len(query) < 9:
        return min(max(int(query), 1), n)
    return -(-3 * n // 4)


@lru_cache(maxsize=512)
def _picture(
    pattern: Pattern, queries: int, n: int, title: str, caption: str, query: int
) -> MaskPicture:
    row = f'class="mask-row" data-query="{query}"'
    svg = mask_svg(pattern, n, queries=queries, title=title)
    svg = svg.replace(row, row.replace("mask-row", "mask-row chosen"))
    words = describe(pattern, n, query)
    told = tuple(rows(pattern, n, queries))
    return MaskPicture(mark_safe(svg), queries, query, words, caption, told)  # noqa: S308 (drawn by us)

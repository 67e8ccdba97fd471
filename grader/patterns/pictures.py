"""Masks drawn from the algebra: queries down, keys across.

The drawing has classes and geometry only, no style and no script, so that a strict
Content-Security-Policy lets it through. Shapes differ without colour: what is attended as it
should be is filled, what is missing is an outline, what is extra is hatched.

Classes: ``mask`` (the drawing), ``mask-frame``, ``mask-tick``, ``mask-axis``, ``mask-seen``,
``mask-part`` (with ``mask-part-1`` to ``-3``), ``mask-missing``, ``mask-extra``, ``mask-row`` (an
invisible strip over each row, with ``data-query``).
"""

import functools
from collections.abc import Collection, Iterable, Iterator
from html import escape

from grader.patterns.algebra import Pattern
from grader.patterns.text import describe

Pair = tuple[int, int]
Rectangle = tuple[int, int, int, int]
"""Left, top, width and height, in squares."""

MOST_SQUARES = 64
SIDE = 480
LEFT, TOP, MARGIN = 52, 40, 20
FULL = 4
"""Squares that stand for many pairs are filled in quarters."""


def mask_svg(
    pattern: Pattern,
    n: int,
    *,
    title: str,
    extra: Collection[Pair] = (),
    missing: Collection[Pair] = (),
) -> str:
    """Return the mask of a pattern as one inline SVG element.

    ``extra`` and ``missing`` are 0-based (query, key) pairs that a learner's code attended beyond
    the pattern, or left out. Beyond MOST_SQUARES positions a square stands for many pairs.
    """
    block = block_size(n)
    squares = -(-n // block)
    lost = _squares_of(missing, n, block)
    levels = _without(_counts(pattern, n, block), lost, n, block)
    width, height = LEFT + SIDE + MARGIN, TOP + SIDE + MARGIN
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="mask" viewBox="0 0 {width} {height}"',
            f' role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>',
            f"<desc>{escape(_summary(pattern, n, block, extra, missing))}</desc>",
            *_axes(n),
            f'<g transform="translate({LEFT} {TOP}) scale({SIDE / squares:.6g})">',
            _outline("mask-frame", f"M0 0h{squares}v{squares}h-{squares}z"),
            *_fills(levels),
            _outline("mask-missing", _path(_merge(lost))),
            _outline("mask-extra", _hatched(_squares_of(extra, n, block))),
            *_row_strips(pattern, n, block),
            "</g></svg>",
        ]
    )


def block_size(n: int) -> int:
    """Return how many positions a square's side stands for: a power of two, 1 where all fit."""
    block = 1
    while n > MOST_SQUARES * block:
        block *= 2
    return block


def _summary(
    pattern: Pattern, n: int, block: int, extra: Collection[Pair], missing: Collection[Pair]
) -> str:
    parts = [
        f"{n:,} queries down, {n:,} keys across, {pattern.count(n):,} of {n * n:,} pairs attended."
    ]
    if block > 1:
        parts.append(
            f"Each square stands for {block} × {block} pairs and is filled by their share, "
            "in quarters rounded up."
        )
    if missing:
        parts.append(f"Missing pairs, outlined: {len(missing):,}.")
    if extra:
        parts.append(f"Extra pairs, hatched: {len(extra):,}.")
    return " ".join(parts)


# Squares


@functools.lru_cache(maxsize=64)
def _counts(pattern: Pattern, n: int, block: int) -> dict[Pair, int]:
    """Return (row, column) of each square that holds pairs, with how many."""
    spans = [range(start, min(n, start + block)) for start in range(0, n, block)]
    counts = {}
    for row, queries in enumerate(spans):
        for column, keys in enumerate(spans):
            if count := pattern.count_within(queries, keys, n):
                counts[row, column] = count
    return counts


def _squares_of(pairs: Iterable[Pair], n: int, block: int) -> dict[Pair, int]:
    squares: dict[Pair, int] = {}
    for i, j in set(pairs):
        if 0 <= i < n and 0 <= j < n:
            square = (i // block, j // block)
            squares[square] = squares.get(square, 0) + 1
    return squares


def _without(counts: dict[Pair, int], lost: dict[Pair, int], n: int, block: int) -> dict[Pair, int]:
    """Return the level of filling, 1 to FULL, of each square once the lost pairs are gone."""
    levels = {}
    for (row, column), count in counts.items():
        kept = count - lost.get((row, column), 0)
        if kept > 0:
            area = min(block, n - row * block) * min(block, n - column * block)
            levels[row, column] = FULL if kept == area else min(FULL - 1, -(-kept * FULL // area))
    return levels


def _merge(squares: Iterable[Pair]) -> list[Rectangle]:
    """Return few rectangles that cover exactly these squares: runs, then equal runs below."""
    rectangles: list[Rectangle] = []
    growing: dict[tuple[int, int], Rectangle] = {}
    for left, top, width in _runs(squares):
        above = growing.get((left, width))
        if above and above[1] + above[3] == top:
            growing[left, width] = (left, above[1], width, above[3] + 1)
            continue
        if above:
            rectangles.append(above)
        growing[left, width] = (left, top, width, 1)
    return sorted([*rectangles, *growing.values()])


def _runs(squares: Iterable[Pair]) -> Iterator[tuple[int, int, int]]:
    """Yield left, top and width of each horizontal run, top to bottom."""
    run: tuple[int, int, int] | None = None
    for row, column in sorted(squares):
        if run and run[1] == row and run[0] + run[2] == column:
            run = (run[0], row, run[2] + 1)
            continue
        if run:
            yield run
        run = (column, row, 1)
    if run:
        yield run


# Drawing


def _path(rectangles: Iterable[Rectangle]) -> str:
    return "".join(
        f"M{left} {top}h{width}v{height}h-{width}z" for left, top, width, height in rectangles
    )


def _fills(levels: dict[Pair, int]) -> Iterator[str]:
    full = _path(_merge(square for square, level in levels.items() if level == FULL))
    if full:
        yield f'<path class="mask-seen" d="{full}"/>'
    for part in range(1, FULL):
        side = (part / FULL) ** 0.5
        inset = (1 - side) / 2
        path = "".join(
            f"M{column + inset:.4g} {row + inset:.4g}h{side:.3g}v{side:.3g}h-{side:.3g}z"
            for (row, column), level in levels.items()
            if level == part
        )
        if path:
            yield f'<path class="mask-part mask-part-{part}" d="{path}"/>'


def _hatched(squares: Iterable[Pair]) -> str:
    squares = list(squares)
    strokes = "".join(f"M{column} {row + 1}l1 -1" for row, column in sorted(squares))
    return _path(_merge(squares)) + strokes


def _outline(name: str, path: str) -> str:
    if not path:
        return ""
    return (
        f'<path class="{name}" d="{path}" fill="none" stroke="currentColor" '
        'vector-effect="non-scaling-stroke"/>'
    )


def _axes(n: int) -> Iterator[str]:
    middle = SIDE / 2
    yield (
        f'<g font-size="12" text-anchor="middle"><text class="mask-axis" x="{LEFT + middle:g}" '
        f'y="12">key</text><text class="mask-axis" '
        f'transform="translate(12 {TOP + middle:g}) rotate(-90)">query</text>'
    )
    for position in sorted({1, n, *(max(1, n * quarter // 4) for quarter in (1, 2, 3))}):
        at = (position - 0.5) / n * SIDE
        yield f'<text class="mask-tick" x="{LEFT + at:.4g}" y="{TOP - 8}">{position}</text>'
        yield (
            f'<text class="mask-tick" x="{LEFT - 6}" y="{TOP + at + 4:.4g}" '
            f'text-anchor="end">{position}</text>'
        )
    yield "</g>"


def _row_strips(pattern: Pattern, n: int, block: int) -> Iterator[str]:
    squares = -(-n // block)
    yield '<g fill="none" pointer-events="all">'
    for row in range(squares):
        first, stop = row * block, min(n, (row + 1) * block)
        if block == 1:
            words = describe(pattern, n, first + 1)
        else:
            count = pattern.count_within(range(first, stop), range(n), n)
            words = f"queries {first + 1}–{stop} see {count:,} pairs"
        yield (
            f'<rect class="mask-row" data-query="{first + 1}" y="{row}" width="{squares}" '
            f'height="1"><title>{words}</title></rect>'
        )
    yield "</g>"

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
from dataclasses import dataclass
from html import escape

from grader.patterns.algebra import Pattern
from grader.patterns.text import describe_keys
from grader.words import gettext

Pair = tuple[int, int]
Rectangle = tuple[int, int, int, int]
"""Left, top, width and height, in squares."""

MOST_SQUARES = 64
SIDE = 480
LEFT, TOP, MARGIN = 52, 40, 20
FULL = 4
"""Squares that stand for many pairs are filled in quarters."""


@dataclass(frozen=True)
class Grid:
    """Queries down and keys across, in squares of ``block`` × ``block`` pairs."""

    queries: int
    keys: int
    block: int

    @classmethod
    def of(cls, queries: int, keys: int) -> "Grid":
        """Return the grid whose longer side has at most MOST_SQUARES squares."""
        return cls(queries, keys, block_size(max(queries, keys)))

    @property
    def rows(self) -> int:
        """Squares from top to bottom."""
        return -(-self.queries // self.block)

    @property
    def columns(self) -> int:
        """Squares from left to right."""
        return -(-self.keys // self.block)

    @property
    def scale(self) -> float:
        """Side of a square in the drawing."""
        return SIDE / max(self.rows, self.columns)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in the drawing."""
        return self.columns * self.scale, self.rows * self.scale

    def rows_of(self, square: int) -> range:
        """Return the queries of a row of squares."""
        return range(square * self.block, min(self.queries, (square + 1) * self.block))

    def columns_of(self, square: int) -> range:
        """Return the keys of a column of squares."""
        return range(square * self.block, min(self.keys, (square + 1) * self.block))


def mask_svg(
    pattern: Pattern,
    n: int,
    *,
    title: str,
    queries: int | None = None,
    extra: Collection[Pair] = (),
    missing: Collection[Pair] = (),
) -> str:
    """Return the mask of a pattern as one inline SVG element.

    There are ``n`` keys, and as many queries unless ``queries`` says otherwise. ``extra`` and
    ``missing`` are 0-based (query, key) pairs that a learner's code attended beyond the pattern, or
    left out. Beyond MOST_SQUARES positions a square stands for many pairs.
    """
    grid = Grid.of(queries or n, n)
    lost = _squares_of(missing, grid)
    levels = _without(_counts(pattern, grid), lost, grid)
    across, down = grid.size
    width, height = LEFT + across + MARGIN, TOP + down + MARGIN
    return "".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" class="mask"',
            f' viewBox="0 0 {width:g} {height:g}" role="img"',
            f' aria-label="{escape(title)}"><title>{escape(title)}</title>',
            f"<desc>{escape(_summary(pattern, grid, extra, missing))}</desc>",
            *_axes(grid),
            f'<g transform="translate({LEFT} {TOP}) scale({grid.scale:.6g})">',
            _outline("mask-frame", _path([(0, 0, grid.columns, grid.rows)])),
            *_fills(levels),
            _outline("mask-missing", _path(_merge(lost))),
            _outline("mask-extra", _hatched(_squares_of(extra, grid))),
            *_row_strips(pattern, grid),
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
    pattern: Pattern, grid: Grid, extra: Collection[Pair], missing: Collection[Pair]
) -> str:
    seen = pattern.count_within(range(grid.queries), range(grid.keys), grid.keys)
    parts = [
        gettext(
            "%(queries)s queries down, %(keys)s keys across, %(seen)s of %(pairs)s pairs attended."
        )
        % {
            "queries": f"{grid.queries:,}",
            "keys": f"{grid.keys:,}",
            "seen": f"{seen:,}",
            "pairs": f"{grid.queries * grid.keys:,}",
        }
    ]
    if grid.block > 1:
        parts.append(
            gettext(
                "Each square stands for %(side)s × %(side)s pairs and is filled by their share, in "
                "quarters rounded up."
            )
            % {"side": grid.block}
        )
    if missing:
        parts.append(
            gettext("Missing pairs, outlined: %(number)s.") % {"number": f"{len(missing):,}"}
        )
    if extra:
        parts.append(gettext("Extra pairs, hatched: %(number)s.") % {"number": f"{len(extra):,}"})
    return " ".join(parts)


# Squares


@functools.lru_cache(maxsize=64)
def _counts(pattern: Pattern, grid: Grid) -> dict[Pair, int]:
    """Return (row, column) of each square that holds pairs, with how many."""
    if grid.block == 1:
        # A row's ranges are found at once; asking each of its squares takes thirty times as long.
        return {
            (row, key): 1
            for row, ranges in enumerate(_ranges(pattern, grid))
            for keys in ranges
            for key in keys
        }
    counts = {}
    for row in range(grid.rows):
        queries = grid.rows_of(row)
        for column in range(grid.columns):
            if count := pattern.count_within(queries, grid.columns_of(column), grid.keys):
                counts[row, column] = count
    return counts


@functools.lru_cache(maxsize=64)
def _ranges(pattern: Pattern, grid: Grid) -> tuple[tuple[range, ...], ...]:
    """Return the keys of each query; both the squares and the words of a row need them."""
    return tuple(tuple(pattern.ranges(row, grid.keys)) for row in range(grid.rows))


def _squares_of(pairs: Iterable[Pair], grid: Grid) -> dict[Pair, int]:
    squares: dict[Pair, int] = {}
    for i, j in set(pairs):
        if 0 <= i < grid.queries and 0 <= j < grid.keys:
            square = (i // grid.block, j // grid.block)
            squares[square] = squares.get(square, 0) + 1
    return squares


def _without(counts: dict[Pair, int], lost: dict[Pair, int], grid: Grid) -> dict[Pair, int]:
    """Return the level of filling, 1 to FULL, of each square once the lost pairs are gone."""
    levels = {}
    heights = {row: len(grid.rows_of(row)) for row in {row for row, _column in counts}}
    widths = {column: len(grid.columns_of(column)) for column in {one for _row, one in counts}}
    for (row, column), count in counts.items():
        kept = count - lost.get((row, column), 0)
        if kept > 0:
            area = heights[row] * widths[column]
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


def _axes(grid: Grid) -> Iterator[str]:
    across, down = grid.size
    key, query = escape(gettext("key")), escape(gettext("query"))
    yield (
        f'<g font-size="12" text-anchor="middle"><text class="mask-axis" x="{LEFT + across / 2:g}" '
        f'y="12">{key}</text><text class="mask-axis" '
        f'transform="translate(12 {TOP + down / 2:g}) rotate(-90)">{query}</text>'
    )
    for position, at in _ticks(grid.keys, grid):
        yield f'<text class="mask-tick" x="{LEFT + at:.4g}" y="{TOP - 8}">{position}</text>'
    for position, at in _ticks(grid.queries, grid):
        yield (
            f'<text class="mask-tick" x="{LEFT - 6}" y="{TOP + at + 4:.4g}" '
            f'text-anchor="end">{position}</text>'
        )
    yield "</g>"


def _ticks(positions: int, grid: Grid) -> Iterator[tuple[int, float]]:
    """Yield first, last and quarters between, as far as there is room, with their places."""
    room = positions * 5 // max(grid.queries, grid.keys)
    quarters = (1, 2, 3) if room > 3 else ()
    ends = {1, positions} if room else {positions}
    inner = {max(1, positions * quarter // 4) for quarter in quarters}
    for position in sorted(ends | inner):
        yield position, (position - 0.5) / grid.block * grid.scale


def _row_strips(pattern: Pattern, grid: Grid) -> Iterator[str]:
    yield '<g fill="none" pointer-events="all">'
    for row in range(grid.rows):
        queries = grid.rows_of(row)
        if grid.block == 1:
            words = describe_keys(_ranges(pattern, grid)[row], queries.start + 1)
        else:
            count = pattern.count_within(queries, range(grid.keys), grid.keys)
            words = gettext("queries %(first)s–%(last)s see %(count)s pairs") % {
                "first": queries.start + 1,
                "last": queries.stop,
                "count": f"{count:,}",
            }
        yield (
            f'<rect class="mask-row" data-query="{queries.start + 1}" y="{row}" '
            f'width="{grid.columns}" height="1"><title>{escape(words)}</title></rect>'
        )
    yield "</g>"

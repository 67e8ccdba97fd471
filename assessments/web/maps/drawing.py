"""The map as SVG: a link for each concept, a line to each from what to learn before it.

The drawing has geometry and classes only, so that a strict Content-Security-Policy lets it through;
``data-before`` and ``data-row`` say to the page's script what is beside what.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from assessments.web.concept_states import Progress, Reached
from assessments.web.maps.layers import Layout, Point, Sizes, layout
from assessments.web.plots.svg import element
from question_bank.models import Concept

SIZES = Sizes(box=176, height=76, passing=10, beside=16, between=46)
_MARGIN = 24
_LETTERS = 20
_MOST_LINES = 3
_LINE = 16
_SHAPES = {
    Reached.NEW: '<circle class="map-mark" r="6"/>',
    Reached.UNDER_WAY: '<circle class="map-mark" r="6"/>'
    '<path class="map-mark-part" d="M0 -6A6 6 0 0 0 0 6Z"/>',
    Reached.PASSED: '<circle class="map-mark-full" r="7"/>'
    '<path class="map-tick" d="M-3.5 0.2L-1 3L3.8 -2.8"/>',
}


@dataclass(frozen=True)
class Box:
    """A concept on the map with what is before and after it, and how far its learner is."""

    slug: str
    title: str
    chapter: str
    progress: Progress
    is_next: bool
    before: tuple[Concept, ...]
    after: tuple[Concept, ...]

    @property
    def words(self) -> str:
        """All that the box tells by shape and colour, in words."""
        words = f"{self.title}: {self.progress.words}"
        return f"{words}. {_('Next best step')}" if self.is_next else words


@dataclass(frozen=True)
class Drawn:
    """The picture and its size at scale 1, in CSS pixels."""

    svg: SafeString
    width: int
    height: int


def drawn(boxes: Sequence[Box], title: str) -> Drawn:
    """Draw the concepts, which are in an order in which they can be learnt."""
    edges = [(before.slug, box.slug) for box in boxes for before in box.before]
    placed = layout([box.slug for box in boxes], edges, SIZES)
    rows = {slug: row for row, slugs in enumerate(placed.layers) for slug in slugs}
    lines = [
        element("path", class_="map-edge", d=_path(points), data_from=edge[0], data_to=edge[1])
        for edge, points in placed.routes.items()
    ]
    links = [_link(box, placed.places[box.slug], rows[box.slug]) for box in _reading(boxes, placed)]
    width = round(placed.width + 2 * _MARGIN)
    height = round(placed.height + 2 * _MARGIN)
    svg = element(
        "svg",
        f'<g transform="translate({_MARGIN} {_MARGIN})">{"".join([*lines, *links])}</g>',
        class_="map",
        role="group",
        aria_label=title,
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
    )
    return Drawn(mark_safe(svg), width, height)  # noqa: S308 (drawn by us, texts escaped)


def _reading(boxes: Sequence[Box], placed: Layout) -> list[Box]:
    """Return the boxes as they are read: from the top, and from left to right."""
    by_slug = {box.slug: box for box in boxes}
    return [by_slug[slug] for layer in placed.layers for slug in layer]


def _path(points: Sequence[Point]) -> str:
    """Return a line that leaves and arrives vertically, straight where it passes a layer."""
    (x, y), *others = points
    told = [f"M{x:.1f} {y:.1f}"]
    for index, (to_x, to_y) in enumerate(others):
        if index % 2:
            told.append(f"V{to_y:.1f}")
        else:
            middle = (y + to_y) / 2
            told.append(f"C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f} {to_x:.1f} {to_y:.1f}")
        x, y = to_x, to_y
    return "".join(told)


def _link(box: Box, middle: Point, row: int) -> str:
    reached = box.progress.reached
    state = reached.value + (" next" if box.is_next else "")
    left, top = middle[0] - SIZES.box / 2, middle[1] - SIZES.height / 2
    inner = [
        element("rect", class_="map-box", width=SIZES.box, height=SIZES.height, rx=4),
        *_title(box.title),
        element("g", _SHAPES[reached], transform=f"translate(16 {SIZES.height - 14:g})"),
        _text(28, SIZES.height - 10, _state(box.progress), "map-state"),
    ]
    if box.is_next:
        inner.append(_text(SIZES.box / 2, -6, _("Next best step"), "map-next"))
    return element(
        "a",
        "".join(inner),
        class_=f"map-node {state}",
        href=reverse("web:concept", args=[box.slug]),
        transform=f"translate({left:.1f} {top:.1f})",
        aria_label=box.words,
        data_slug=box.slug,
        data_before=" ".join(one.slug for one in box.before),
        data_row=row,
    )


def _title(title: str) -> list[str]:
    lines = textwrap.wrap(title, _LETTERS, max_lines=_MOST_LINES, placeholder=" …")
    return [_text(10, 18 + index * _LINE, line, "map-title") for index, line in enumerate(lines)]


def _state(progress: Progress) -> str:
    if not progress.total:
        return progress.words
    return f"{progress.word} {progress.passed}/{progress.total}"


def _text(x: float, y: float, words: str, class_: str) -> str:
    return element("text", escape(words), x=f"{x:g}", y=f"{y:g}", class_=class_)

"""What a design takes of a budget: bytes against the memory, and times against their bounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.utils.translation import gettext as _

from assessments.web.plots.svg import WIDTH, Scale, element, line, linear, picture, text

ROW, TOP, BAR = 38, 14, 9
_END = WIDTH - 2
_ROOM = 1.06
"""How far an axis reaches beyond the largest value."""


@dataclass(frozen=True)
class Share:
    """A part of the memory: its name, its size in any unit, and that in words."""

    name: str
    size: float
    words: str


@dataclass(frozen=True)
class Floor:
    """A time that is at least ``value``, and the most it may be, in the same unit and in words."""

    name: str
    value: float
    bound: float
    words: str
    bound_words: str


def memory_plot(shares: Sequence[Share], limit: Share) -> str:
    """Draw the parts one after another, each on a row of its own, against the whole memory."""
    ends = list(accumulate(share.size for share in shares))
    x = linear(0, _ROOM * max(limit.size, ends[-1]), 0, _END)
    drawn = "".join(
        _row(place, share.name, share.words) + _bar(place, x, end - share.size, end, limit.size)
        for place, (share, end) in enumerate(zip(shares, ends, strict=True))
    )
    bottom = TOP + ROW * len(shares)
    drawn += line(x(limit.size), TOP, x(limit.size), bottom, "threshold")
    words = f"{limit.name}: {limit.words}"
    drawn += text(x(limit.size), bottom + 14, words, anchor="end", class_="threshold-label")
    facts = "; ".join(f"{share.name} {share.words}" for share in (*shares, limit))
    return picture(
        bottom + 20, drawn, title=_("Memory, part by part, against all there is"), description=facts
    )


def floors_plot(floors: Sequence[Floor]) -> str:
    """Draw each time on an axis of its own from zero, against its bound; empty without any."""
    if not floors:
        return ""
    drawn = ""
    for place, floor in enumerate(floors):
        x = linear(0, _ROOM * max(floor.value, floor.bound), 0, _END)
        top = TOP + ROW * place
        drawn += _row(place, floor.name, f"{floor.words}, {floor.bound_words}")
        drawn += _bar(place, x, 0, floor.value, floor.bound)
        drawn += line(x(floor.bound), top + 3, x(floor.bound), top + 9 + BAR + 6, "threshold")
    facts = "; ".join(f"{one.name} {one.words}, {one.bound_words}" for one in floors)
    title = _("Times, at least, against what is allowed")
    return picture(TOP + ROW * len(floors), drawn, title=title, description=facts)


def _row(place: int, name: str, words: str) -> str:
    y = TOP + ROW * place
    return text(0, y, name) + text(_END, y, words, anchor="end", class_="tick")


def _bar(place: int, x: Scale, start: float, end: float, limit: float) -> str:
    """Draw a bar; what lies beyond the limit is outlined."""
    y = TOP + ROW * place + 9
    pieces = ((start, min(end, limit), "bar"), (max(start, limit), end, "bar over"))
    return "".join(
        element("rect", x=x(a), y=y, width=max(1.5, x(b) - x(a)), height=BAR, class_=style)
        for a, b, style in pieces
        if b > a or (style == "bar" and a == b)
    )

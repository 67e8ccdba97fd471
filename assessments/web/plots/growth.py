"""Time of one call over the length of the sequence, on log-log axes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.web.plots.svg import (
    WIDTH,
    Scale,
    decades,
    element,
    line,
    logarithmic,
    path,
    picture,
    text,
)
from grader.contract import GrowthPoint

LEFT, RIGHT, TOP, BOTTOM, HEIGHT = 58, WIDTH - 124, 16, 208, 252
LABEL_GAP = 16.0


@dataclass(frozen=True)
class Series:
    """One line of the plot: its name, (n, seconds) points and style class."""

    name: str
    points: tuple[tuple[int, float], ...]
    style: str
    dots: bool = True


def growth_plot(points: Sequence[GrowthPoint], *, slope: float | None = None) -> str:
    """Draw seconds over n for the submission, the dense reference and an ideal of slope 1.

    The ideal starts at the submission's first point: code whose work is linear in n follows it.
    """
    ordered = sorted((point for point in points if point.seconds > 0), key=lambda point: point.n)
    if len({point.n for point in ordered}) < 2:
        return ""
    series = _series(ordered, slope)
    seconds = [second for one in series for _n, second in one.points]
    x = logarithmic(ordered[0].n, ordered[-1].n, LEFT, RIGHT)
    y = logarithmic(min(seconds) / 1.4, max(seconds) * 1.4, BOTTOM, TOP)
    content = _axes(x, y, [point.n for point in ordered], min(seconds) / 1.4, max(seconds) * 1.4)
    content += "".join(_curve(one, x, y) for one in series) + _labels(series, x, y)
    return picture(
        HEIGHT,
        content,
        title=_("Time of one call over the sequence length n, log-log"),
        description=_words(ordered, slope),
    )


def duration(seconds: float) -> str:
    """Return a duration with the unit that suits its size."""
    if seconds >= 1:
        return f"{seconds:.3g} s"
    if seconds >= 1e-3:
        return f"{seconds * 1e3:.3g} ms"
    return f"{seconds * 1e6:.3g} µs"


def _series(ordered: Sequence[GrowthPoint], slope: float | None) -> list[Series]:
    first = ordered[0]
    ideal = tuple((point.n, first.seconds * point.n / first.n) for point in ordered)
    dense = _dense(ordered)
    series = [Series(_named(_("ideal"), "1"), ideal, "ideal", dots=False)]
    if len(dense) > 1:
        series.append(Series(_named(_("dense"), f"{fitted_slope(dense):.2f}"), dense, "dense"))
    yours = tuple((point.n, point.seconds) for point in ordered)
    own = fitted_slope(yours) if slope is None else slope
    return [*series, Series(_named(_("yours"), f"{own:.2f}"), yours, "yours")]


def _dense(ordered: Sequence[GrowthPoint]) -> tuple[tuple[int, float], ...]:
    return tuple((point.n, point.reference_seconds) for point in ordered if point.reference_seconds)


def _named(name: str, slope: str) -> str:
    return _("%(name)s, slope %(slope)s") % {"name": name, "slope": slope}


def fitted_slope(points: Sequence[tuple[int, float]]) -> float:
    """Return the slope of the line through two or more points on log-log axes, least squares."""
    logs = [(math.log(n), math.log(seconds)) for n, seconds in points]
    middle = sum(x for x, _y in logs) / len(logs)
    width = sum((x - middle) ** 2 for x, _y in logs)
    return sum((x - middle) * y for x, y in logs) / width


def _axes(x: Scale, y: Scale, sizes: list[int], low: float, high: float) -> str:
    drawn = line(LEFT, BOTTOM, RIGHT, BOTTOM, "axis") + line(LEFT, TOP, LEFT, BOTTOM, "axis")
    for n in sizes:
        drawn += line(x(n), BOTTOM, x(n), BOTTOM + 5, "axis")
        drawn += text(x(n), BOTTOM + 19, f"{n:,}", anchor="middle", class_="tick")
    for seconds in _time_ticks(low, high):
        drawn += line(LEFT - 5, y(seconds), RIGHT, y(seconds), "grid")
        drawn += text(LEFT - 8, y(seconds) + 4, duration(seconds), anchor="end", class_="tick")
    return drawn + text((LEFT + RIGHT) / 2, HEIGHT - 6, _("n, tokens"), anchor="middle")


def _time_ticks(low: float, high: float) -> list[float]:
    """Return powers of ten, with their 2 and 5 where the range is short."""
    factors = (1, 2, 5) if high / low < 200 else (1,)
    exponents = [min(decades(low, high), default=0) - 1, *decades(low / 10, high)]
    ticks = sorted({factor * 10.0**exponent for exponent in exponents for factor in factors})
    return [tick for tick in ticks if low <= tick <= high]


def _curve(series: Series, x: Scale, y: Scale) -> str:
    placed = [(x(n), y(seconds)) for n, seconds in series.points]
    drawn = path(placed, f"curve {series.style}")
    if series.dots:
        drawn += "".join(
            element("circle", cx=cx, cy=cy, r=3.4, class_=f"dot {series.style}")
            for cx, cy in placed
        )
    return drawn


def _labels(series: Sequence[Series], x: Scale, y: Scale) -> str:
    """Name each line where it ends, moved apart where two names would overlap."""
    ends = sorted(((y(one.points[-1][1]), one) for one in series), key=lambda end: end[0])
    drawn, previous = "", float("-inf")
    for height, one in ends:
        place = max(height, previous + LABEL_GAP)
        drawn += text(x(one.points[-1][0]) + 9, place + 4, one.name, class_=f"name {one.style}")
        previous = place
    return drawn


def _words(ordered: Sequence[GrowthPoint], slope: float | None) -> str:
    rows = "; ".join(
        _("n = %(n)s: yours %(yours)s") % {"n": f"{point.n:,}", "yours": duration(point.seconds)}
        + (
            _(", dense %(dense)s") % {"dense": duration(point.reference_seconds)}
            if point.reference_seconds
            else ""
        )
        for point in ordered
    )
    told = [rows + "."]
    if slope is not None:
        told.append(_("Your slope is %(slope)s.") % {"slope": f"{slope:.2f}"})
    if len(dense := _dense(ordered)) > 1:
        told.append(_("Dense has slope %(slope)s.") % {"slope": f"{fitted_slope(dense):.2f}"})
    return " ".join(told)

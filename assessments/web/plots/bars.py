"""One measured value against the limit it had to stay under."""

import math

from django.utils.translation import gettext as _

from assessments.web.plots.svg import (
    WIDTH,
    Scale,
    decades,
    element,
    line,
    linear,
    logarithmic,
    picture,
    round_ticks,
    text,
)

LEFT, RIGHT, TOP, BAR, AXIS, HEIGHT = 14, WIDTH - 14, 26, 20, 58, 84
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SMALLEST_ERROR = 1e-12


def scientific(value: float) -> str:
    """Return a value as people write it, ``4.4 × 10⁻⁶``, plain between 0.001 and 1,000."""
    if value == 0 or 1e-3 <= abs(value) < 1e3:
        return f"{value:.3g}"
    mantissa, exponent = f"{value:.1e}".split("e")
    power = str(int(exponent)).translate(SUPERSCRIPT)
    return f"{mantissa} × 10{power}".replace(" ", "\N{NO-BREAK SPACE}")


def error_plot(error: float | None, tolerance: float) -> str:
    """Draw the largest error against the tolerance, log scale; empty for an error without value."""
    if error is None or not math.isfinite(error) or tolerance <= 0:
        return ""
    shown = max(error, SMALLEST_ERROR)
    low, high = min(shown, tolerance) / 30, max(shown, tolerance) * 30
    scale = logarithmic(low, high, LEFT, RIGHT)
    ticks = "".join(
        _tick(scale(10.0**exponent), "10" + str(exponent).translate(SUPERSCRIPT))
        for exponent in decades(low, high)
    )
    words = {"error": scientific(error), "tolerance": scientific(tolerance)}
    return _against(
        scale,
        shown,
        tolerance,
        ticks,
        title=_("Largest error against the tolerance, log scale"),
        limit_words=_("tolerated: %(tolerance)s") % words,
        description=_("Largest error %(error)s; tolerated %(tolerance)s.") % words,
    )


def memory_plot(peak_mib: float, limit_mib: float) -> str:
    """Draw the peak of extra memory against its limit, both in MiB."""
    words = {"peak": f"{peak_mib:.0f}", "limit": f"{limit_mib:g}"}
    return _amounts(
        peak_mib,
        limit_mib,
        title=_("Peak extra memory against the limit, in MiB"),
        limit_words=_("limit: %(limit)s MiB") % words,
        description=_("Peak %(peak)s MiB; limit %(limit)s MiB.") % words,
    )


def steady_plot(growth_mib: float, limit_mib: float) -> str:
    """Draw by how much a process grew against its limit, both in MiB."""
    growth = max(0.0, growth_mib)
    words = {"growth": f"{growth:.1f}", "limit": f"{limit_mib:g}"}
    return _amounts(
        growth,
        limit_mib,
        title=_("Growth of the process against the limit, in MiB"),
        limit_words=_("limit: %(limit)s MiB") % words,
        description=_("Grew by %(growth)s MiB; limit %(limit)s MiB.") % words,
    )


def traffic_plot(sent: int, limit: int) -> str:
    """Draw the bytes sent by a rank against the limit, in the unit that suits the limit."""
    size, unit = byte_unit(limit)
    words = {"sent": f"{sent / size:.1f}", "limit": f"{limit / size:.1f}", "unit": unit}
    return _amounts(
        sent / size,
        limit / size,
        title=_("Sent by one rank against the limit, in %(unit)s") % words,
        limit_words=_("limit: %(limit)s %(unit)s") % words,
        description=_("Sent %(sent)s %(unit)s; limit %(limit)s %(unit)s.") % words,
    )


def work_plot(touched: int, expected: int) -> str:
    """Draw the pairs computed, beside a mark at those needed; more is no fault by itself."""
    words = {"touched": f"{touched:,}", "expected": f"{expected:,}"}
    return _amounts(
        touched,
        expected,
        title=_("Pairs computed, and pairs needed"),
        limit_words=_("needed: %(expected)s") % words,
        description=_("Computed %(touched)s pairs; %(expected)s are needed.") % words,
        over=False,
    )


def byte_unit(amount: float) -> tuple[int, str]:
    """Return the size and name of the unit in which so many bytes are told."""
    return (1 << 20, "MiB") if amount >= 1 << 20 else (1 << 10, "KiB")


def _amounts(
    value: float,
    limit: float,
    *,
    title: str,
    limit_words: str,
    description: str,
    over: bool = True,
) -> str:
    """Draw a value from zero on, against a limit on the same axis."""
    high = 1.15 * max(value, limit)
    scale = linear(0, high, LEFT, RIGHT)
    ticks = "".join(_tick(scale(tick), f"{tick:,.15g}") for tick in round_ticks(0, high, 4))
    return _against(
        scale,
        value,
        limit,
        ticks,
        title=title,
        limit_words=limit_words,
        description=description,
        over=over,
    )


def _tick(x: float, words: str) -> str:
    return line(x, AXIS, x, AXIS + 5, "axis") + text(
        x, AXIS + 19, words, anchor="middle", class_="tick"
    )


def _against(
    scale: Scale,
    value: float,
    limit: float,
    ticks: str,
    *,
    title: str,
    limit_words: str,
    description: str,
    over: bool = True,
) -> str:
    bar = element(
        "rect",
        x=LEFT,
        y=TOP + 4,
        width=max(2.0, scale(value) - LEFT),
        height=BAR,
        class_="bar over" if over and value > limit else "bar",
    )
    x, half = scale(limit), 3.6 * len(limit_words)
    label_x = min(max(x, half), WIDTH - half)
    label = text(label_x, TOP - 11, limit_words, anchor="middle", class_="threshold-label")
    content = line(LEFT, AXIS, RIGHT, AXIS, "axis") + ticks + bar
    content += line(x, TOP - 6, x, AXIS, "threshold") + label
    return picture(HEIGHT, content, title=title, description=description)

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
    high = 1.15 * max(peak_mib, limit_mib)
    scale = linear(0, high, LEFT, RIGHT)
    ticks = "".join(_tick(scale(tick), f"{tick:g}") for tick in round_ticks(0, high))
    words = {"peak": f"{peak_mib:.0f}", "limit": f"{limit_mib:g}"}
    return _against(
        scale,
        peak_mib,
        limit_mib,
        ticks,
        title=_("Peak extra memory against the limit, in MiB"),
        limit_words=_("limit: %(limit)s MiB") % words,
        description=_("Peak %(peak)s MiB; limit %(limit)s MiB.") % words,
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
) -> str:
    bar = element(
        "rect",
        x=LEFT,
        y=TOP + 4,
        width=max(2.0, scale(value) - LEFT),
        height=BAR,
        class_="bar" if value <= limit else "bar over",
    )
    x, half = scale(limit), 3.6 * len(limit_words)
    label_x = min(max(x, half), WIDTH - half)
    label = text(label_x, TOP - 11, limit_words, anchor="middle", class_="threshold-label")
    content = line(LEFT, AXIS, RIGHT, AXIS, "axis") + ticks + bar
    content += line(x, TOP - 6, x, AXIS, "threshold") + label
    return picture(HEIGHT, content, title=title, description=description)

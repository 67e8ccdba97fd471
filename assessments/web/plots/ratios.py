"""How many times faster a submission ran than its reference, pair by pair."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from assessments.web.plots.svg import (
    WIDTH,
    Scale,
    element,
    line,
    linear,
    picture,
    round_ticks,
    text,
)

LEFT, RIGHT, TOP, BOTTOM, HEIGHT = 14, WIDTH - 14, 26, 172, 232


def ratio_plot(
    ratios: Sequence[float], *, median: float, low: float, high: float, threshold: float
) -> str:
    """Draw each timed pair as a dot (first pair on top), the median, its interval, the threshold.

    Pairs under the threshold are hollow, so that they differ by more than colour.
    """
    if not ratios:
        return ""
    smallest, largest = min(*ratios, low, threshold), max(*ratios, high, threshold)
    margin = 0.06 * (largest - smallest) or 0.05 * largest
    scale = linear(smallest - margin, largest + margin, LEFT, RIGHT)
    content = _axis(scale, smallest - margin, largest + margin)
    content += _interval(scale, median, low, high) + _threshold(scale, threshold)
    content += _dots(scale, ratios, threshold)
    return picture(
        HEIGHT,
        content,
        title=_title(len(ratios)),
        description=_words(ratios, median, low, high, threshold),
    )


def _title(pairs: int) -> str:
    return _("Times faster than the reference, %(pairs)d timed pairs") % {"pairs": pairs}


def _words(
    ratios: Sequence[float], median: float, low: float, high: float, threshold: float
) -> str:
    facts = {
        "median": f"{median:.2f}",
        "low": f"{low:.2f}",
        "high": f"{high:.2f}",
        "threshold": f"{threshold:.2f}",
        "above": sum(ratio >= threshold for ratio in ratios),
        "pairs": len(ratios),
        "smallest": f"{min(ratios):.2f}",
        "largest": f"{max(ratios):.2f}",
    }
    return (
        _(
            "Median %(median)s times, interval %(low)s to %(high)s, needed %(threshold)s. "
            "%(above)d of %(pairs)d pairs reach what is needed; "
            "the pairs range from %(smallest)s to %(largest)s times."
        )
        % facts
    )


def _axis(scale: Scale, low: float, high: float) -> str:
    drawn = line(LEFT, BOTTOM, RIGHT, BOTTOM, "axis")
    for tick in round_ticks(low, high):
        x = scale(tick)
        drawn += line(x, BOTTOM, x, BOTTOM + 5, "axis")
        drawn += text(x, BOTTOM + 19, f"{tick:g}×", anchor="middle", class_="tick")
    return drawn


def _interval(scale: Scale, median: float, low: float, high: float) -> str:
    band = element(
        "rect",
        x=scale(low),
        y=TOP,
        width=max(1.0, scale(high) - scale(low)),
        height=BOTTOM - TOP,
        class_="band",
    )
    words = _("yours: median %(median)s× (%(low)s to %(high)s)") % {
        "median": f"{median:.2f}",
        "low": f"{low:.2f}",
        "high": f"{high:.2f}",
    }
    x = scale(median)
    label = text(_inside(x, words), HEIGHT - 14, words, anchor="middle", class_="yours")
    return band + line(x, TOP, x, BOTTOM + 4, "median") + label


def _threshold(scale: Scale, threshold: float) -> str:
    words = _("needed: %(threshold)s×") % {"threshold": f"{threshold:g}"}
    x = scale(threshold)
    return line(x, TOP - 6, x, BOTTOM, "threshold") + text(
        _inside(x, words), TOP - 11, words, anchor="middle", class_="threshold-label"
    )


def _inside(x: float, words: str) -> float:
    half = 3.6 * len(words)
    return min(max(x, half), WIDTH - half)


def _dots(scale: Scale, ratios: Sequence[float], threshold: float) -> str:
    rows = linear(0, max(1, len(ratios) - 1), TOP + 8, BOTTOM - 8)
    return "".join(
        element(
            "circle",
            cx=scale(ratio),
            cy=rows(index),
            r=3.4,
            class_="dot" if ratio >= threshold else "dot hollow",
        )
        for index, ratio in enumerate(ratios)
    )

"""A few SVG elements as strings, and the scales that place them."""

import math
from collections.abc import Callable
from hashlib import sha256
from html import escape

WIDTH = 420
Scale = Callable[[float], float]


def element(name: str, content: str = "", **attributes: str | float) -> str:
    """Return one element; attribute names as Python words (``class_``, ``text_anchor``).

    ``content`` is taken as markup: text must come through ``text`` or ``html.escape``.
    """
    parts = [name]
    for key, value in attributes.items():
        shown = f"{value:.2f}" if isinstance(value, float) else str(value)
        parts.append(f'{key.rstrip("_").replace("_", "-")}="{escape(shown)}"')
    return f"<{' '.join(parts)}>{content}</{name}>"


def text(x: float, y: float, words: str, *, anchor: str = "start", class_: str = "") -> str:
    """Return words placed at a point; ``anchor`` is start, middle or end."""
    return element("text", escape(words), x=x, y=y, text_anchor=anchor, class_=f"label {class_}")


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> str:
    """Return a straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def path(points: list[tuple[float, float]], class_: str) -> str:
    """Return a line through points."""
    steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return element("path", d=f"M{steps}", class_=class_)


def picture(height: float, content: str, *, title: str, description: str) -> str:
    """Return the whole SVG, named and described for those who do not see it."""
    mark = "plot-" + sha256((title + content).encode()).hexdigest()[:10]
    head = element("title", escape(title), id=f"{mark}-t")
    head += element("desc", escape(description), id=f"{mark}-d")
    return element(
        "svg",
        head + content,
        class_="plot",
        role="img",
        viewBox=f"0 0 {WIDTH} {height:g}",
        aria_labelledby=f"{mark}-t",
        aria_describedby=f"{mark}-d",
    )


def linear(low: float, high: float, start: float, end: float) -> Scale:
    """Map ``[low, high]`` to ``[start, end]``; a range of no width maps to the middle."""
    if high == low:
        return lambda _: (start + end) / 2
    return lambda value: start + (value - low) / (high - low) * (end - start)


def logarithmic(low: float, high: float, start: float, end: float) -> Scale:
    """Map ``[low, high]``, both positive, to ``[start, end]`` by their logarithms."""
    inner = linear(math.log(low), math.log(high), start, end)
    return lambda value: inner(math.log(value))


def round_ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Return multiples of 1, 2 or 5 times a power of ten that lie in ``[low, high]``."""
    raw = (high - low) / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def decades(low: float, high: float, at_most: int = 7) -> list[int]:
    """Return the exponents of the powers of ten in ``[low, high]``, thinned to ``at_most``."""
    exponents = range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)
    return list(exponents[:: max(1, math.ceil(len(exponents) / at_most))])

"""The pictures of a design: what it takes of the memory, and its times against their bounds."""

from fractions import Fraction

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.web.lines import drawn
from assessments.web.plots.budget import Floor, Share, floors_plot, memory_plot
from grader.costs import weight_bytes
from question_bank.kinds import DesignPage
from question_bank.kinds.design_figures import TOLD, Figures, in_unit

_UNIT = "GiB"


def design_plots(page: DesignPage, figures: Figures | None) -> list[tuple[SafeString, str]]:
    """Return each picture with the same facts in a sentence; nothing for what is no design yet."""
    if figures is None:
        return []
    times = _floors(page, figures)
    found = [(drawn(memory_plot(*_shares(page, figures))), _memory_words(page, figures))]
    if times:
        found.append((drawn(floors_plot(times)), _times_words(times)))
    return found


def _shares(page: DesignPage, figures: Figures) -> tuple[list[Share], Share]:
    load = page.load
    weights = weight_bytes(load.model, load.weight_bits)
    kept = max(0, load.accelerator.memory - weights - load.budget)
    cache = figures.value("cache_bytes")
    parts: list[tuple[str, int | Fraction]] = [
        (_("weights"), weights),
        (_("kept for the rest"), kept),
        (_("KV cache"), cache),
    ]
    shares = [_share(name, size) for name, size in parts if size]
    return shares, _share(_("all there is"), weights + kept + load.budget)


def _share(name: str, size: int | Fraction) -> Share:
    return Share(name, float(size), in_unit(size, _UNIT))


def _memory_words(page: DesignPage, figures: Figures) -> str:
    shares, limit = _shares(page, figures)
    left = Fraction(page.load.budget - figures.value("cache_bytes"))
    words = ", ".join(f"{share.name} {share.words}" for share in shares)
    told = _("Over by %(size)s") if left < 0 else _("%(size)s left")
    return _("Memory: %(parts)s, of %(all)s. %(left)s.") % {
        "parts": words,
        "all": limit.words,
        "left": told % {"size": in_unit(abs(left), _UNIT)},
    }


def _floors(page: DesignPage, figures: Figures) -> list[Floor]:
    timed = [
        one
        for one in page.requirements
        if TOLD[one.quantity].dimension == "time" and one.at_most is not None
    ]
    return [
        Floor(
            one.title,
            float(figures.value(one.quantity)),
            float(one.bound),
            one.words(figures.value(one.quantity)),
            one.bound_words,
        )
        for one in timed
    ]


def _times_words(floors: list[Floor]) -> str:
    return "; ".join(f"{one.name}: {one.words}, {one.bound_words}" for one in floors) + "."

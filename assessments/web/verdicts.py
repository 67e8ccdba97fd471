"""A verdict as its page shows it: one line a check, each with its evidence.

Everything here is text, numbers, or SVG made by us; texts of the learner's stay unescaped strings
for the template to escape.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.web import plots
from assessments.web.plots.bars import scientific
from assessments.web.plots.growth import duration
from grader import contract
from grader.patterns import parse
from grader.patterns.pictures import mask_svg

EMPTY = SafeString()
MOST_ROWS = 12
AGAINST: dict[str, Promise] = {
    "sdpa": gettext_lazy("torch's dense attention"),
    "naive": gettext_lazy("naive dense attention"),
}


@dataclass(frozen=True)
class Table:
    """Numbers behind a picture, for those who read rather than look."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str


@dataclass(frozen=True)
class CheckLine:
    """One check: what it is called, its result in one line, and what lies behind it."""

    key: str
    name: str
    passed: bool
    result: str
    meaning: str
    picture: SafeString = EMPTY
    table: Table | None = None
    legend: tuple[tuple[str, str], ...] = ()
    caption: str = ""


def check_lines(verdict: contract.Verdict) -> list[CheckLine]:
    """Return a line for each check that ran, in the order of the verdict."""
    builders: dict[str, Callable[[Any, contract.Evidence], CheckLine]] = {
        "correctness": _correctness,
        "kv_pairs": _pairs,
        "speedup": _speedup,
        "memory": _memory,
        "growth": _growth,
    }
    return [builders[check.name](check, verdict.evidence) for check in verdict.checks]


def _svg(markup: str) -> SafeString:
    return mark_safe(markup)  # noqa: S308 (drawn by us, every text in it escaped)


def _correctness(check: contract.Correctness, _evidence: contract.Evidence) -> CheckLine:
    tolerated = scientific(check.tolerance)
    if check.error is None:
        result = _("no comparable number (NaN, infinity or nothing), tolerated %(tolerance)s")
    else:
        result = _("largest error %(error)s, tolerated %(tolerance)s")
    error = "" if check.error is None else scientific(check.error)
    return CheckLine(
        key=check.name,
        name=_("Correctness"),
        passed=check.passed,
        result=result % {"error": error, "tolerance": tolerated},
        meaning=_(
            "Your result is compared with one computed in float64. The tolerance is drawn from "
            "what a trusted float32 implementation misses on the same inputs, so that rounding is "
            "forgiven and a wrong formula is not."
        ),
        picture=_svg(plots.error_plot(check.error, check.tolerance)),
    )


def _pairs(check: contract.KvPairs, evidence: contract.Evidence) -> CheckLine:
    result = _("%(attended)s attended, %(expected)s expected")
    if not check.passed:
        result = _(
            "%(attended)s attended, %(expected)s expected: %(extra)s extra, %(missing)s missing"
        )
    numbers = {
        name: f"{getattr(check, name):,}" for name in ("attended", "expected", "extra", "missing")
    }
    return CheckLine(
        key=check.name,
        name=_("Pairs attended"),
        passed=check.passed,
        result=result % numbers,
        meaning=_(
            "A probe recovers from your results which keys every query used. Extra pairs let a "
            "query see what it must not; missing pairs hide what it needs."
        ),
        picture=_mask(evidence.pairs) if evidence.pairs else EMPTY,
        table=_wrong_rows(evidence.pairs) if evidence.pairs else None,
        legend=(
            ("seen", _("filled: attended, as it should be")),
            ("extra", _("hatched: extra")),
            ("missing", _("outlined: missing")),
        ),
        caption=_drawn(evidence.pairs) if evidence.pairs else "",
    )


@lru_cache(maxsize=64)
def _mask(pairs: contract.PairEvidence) -> SafeString:
    pattern = parse(pairs.pattern, {})
    title = _("Pairs your code attends, n = %(n)s") % {"n": f"{pairs.n:,}"}
    return _svg(mask_svg(pattern, pairs.n, title=title, extra=pairs.extra, missing=pairs.missing))


def _drawn(pairs: contract.PairEvidence) -> str:
    """Say what is drawn: a small call shows more than the large one that was counted."""
    return _("Drawn from a call with n = %(n)s: %(pattern)s") % {
        "n": f"{pairs.n:,}",
        "pattern": pairs.pattern,
    }


def _wrong_rows(pairs: contract.PairEvidence) -> Table | None:
    """List the first queries with wrong keys, counted from 1."""
    extra, missing = _by_query(pairs.extra), _by_query(pairs.missing)
    wrong = sorted(extra.keys() | missing.keys())
    if not wrong:
        return None
    rows = tuple(
        (f"{query + 1:,}", _keys(extra.get(query, [])), _keys(missing.get(query, [])))
        for query in wrong[:MOST_ROWS]
    )
    caption = ngettext(
        "%(count)s query is wrong; queries and keys counted from 1",
        "%(count)s queries are wrong, the first are listed; queries and keys counted from 1",
        len(wrong),
    ) % {"count": f"{len(wrong):,}"}
    return Table((_("Query"), _("Extra keys"), _("Missing keys")), rows, caption)


def _by_query(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    grouped = groupby(sorted(pairs), key=itemgetter(0))
    return {query: [key for _query, key in group] for query, group in grouped}


def _keys(keys: list[int]) -> str:
    """Write keys, given from 0, as ranges counted from 1: ``1, 498–500``."""
    if not keys:
        return "–"
    runs: list[list[int]] = []
    for key in keys:
        if runs and key == runs[-1][1] + 1:
            runs[-1][1] = key
        else:
            runs.append([key, key])
    words = [f"{a + 1:,}" if a == b else f"{a + 1:,}–{b + 1:,}" for a, b in runs[:8]]
    return ", ".join(words) + (" …" if len(runs) > len(words) else "")


def _speedup(check: contract.Speedup, evidence: contract.Evidence) -> CheckLine:
    numbers = {
        "ratio": f"{check.ratio:.2f}",
        "low": f"{check.low:.2f}",
        "high": f"{check.high:.2f}",
        "threshold": f"{check.threshold:g}",
        "against": AGAINST[check.against],
        "pairs": check.pairs,
    }
    result = _("%(ratio)s times (%(low)s–%(high)s) as fast as %(against)s, %(threshold)s needed")
    meaning = _(
        "Your function and the reference were timed in %(pairs)s pairs, in random order, on "
        "the same fresh inputs, by the processor time that each used. The median and its "
        "interval decide, so that one slow run does not."
    )
    return CheckLine(
        key=check.name,
        name=_("Speed"),
        passed=check.passed,
        result=result % numbers,
        meaning=meaning % numbers,
        picture=_ratios_drawn(check, evidence.ratios),
        table=_ratios_listed(evidence.ratios),
    )


def _ratios_drawn(check: contract.Speedup, ratios: tuple[float, ...]) -> SafeString:
    return _svg(
        plots.ratio_plot(
            ratios,
            median=check.ratio,
            low=check.low,
            high=check.high,
            threshold=check.threshold,
        )
    )


def _ratios_listed(ratios: tuple[float, ...]) -> Table | None:
    if not ratios:
        return None
    rows = tuple((str(place), f"{ratio:.3f}") for place, ratio in enumerate(ratios, 1))
    return Table((_("Pair"), _("Times faster")), rows, _("Every timed pair"))


def _memory(check: contract.MemoryResult, _evidence: contract.Evidence) -> CheckLine:
    return CheckLine(
        key=check.name,
        name=_("Memory"),
        passed=check.passed,
        result=_("peak %(peak)s MiB, limit %(limit)s MiB")
        % {"peak": f"{check.peak_mib:.0f}", "limit": f"{check.limit_mib:g}"},
        meaning=_(
            "The most that your function held at one time beyond its inputs and its result, all "
            "of its threads and processes included. A score matrix of n × n does not fit; what "
            "grows linearly with n does."
        ),
        picture=_svg(plots.memory_plot(check.peak_mib, check.limit_mib)),
    )


def _growth(check: contract.GrowthResult, evidence: contract.Evidence) -> CheckLine:
    rows = tuple(
        (
            f"{point.n:,}",
            duration(point.seconds),
            duration(point.reference_seconds) if point.reference_seconds else "–",
        )
        for point in evidence.growth
    )
    return CheckLine(
        key=check.name,
        name=_("Growth"),
        passed=check.passed,
        result=_("slope %(slope)s on log-log axes, limit %(limit)s")
        % {"slope": f"{check.slope:.2f}", "limit": f"{check.limit:g}"},
        meaning=_(
            "How the time of a call grows with n: slope 1 doubles with twice the tokens, slope 2 "
            "quadruples. Code that hides pairs behind a mask, instead of skipping them, stays "
            "near 2."
        ),
        picture=_svg(plots.growth_plot(evidence.growth, slope=check.slope)),
        table=Table((_("n"), _("Yours"), _("Dense")), rows, _("Median time of one call"))
        if rows
        else None,
    )

"""A verdict as its page shows it: one line a check, each with its evidence.

Everything here is text, numbers, or SVG made by us; texts of the learner's stay unescaped strings
for the template to escape.
"""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.web import plots
from assessments.web.lines import CheckLine, Table, drawn
from assessments.web.pair_lines import pairs_line
from assessments.web.plots.bars import byte_unit, scientific
from assessments.web.plots.growth import duration
from assessments.web.work_line import work_line
from grader import contract

AGAINST: dict[str, Promise] = {
    "sdpa": gettext_lazy("torch's dense attention"),
    "naive": gettext_lazy("naive dense attention"),
    "full_cache": gettext_lazy("attention over a cache of all tokens"),
}


def check_lines(verdict: contract.Verdict) -> list[CheckLine]:
    """Return a line for each check that ran, in the order of the verdict, and one on the work."""
    builders: dict[str, Callable[[Any, contract.Evidence], CheckLine]] = {
        "correctness": _correctness,
        "kv_pairs": _pairs,
        "speedup": _speedup,
        "memory": _memory,
        "growth": _growth,
        "traffic": _traffic,
        "steady_memory": _steady,
    }
    lines = [builders[check.name](check, verdict.evidence) for check in verdict.checks]
    if verdict.evidence.work:
        lines.insert(_place_of_work(lines), _work(verdict.evidence.work, lines))
    return lines


def _place_of_work(lines: list[CheckLine]) -> int:
    """Return the place after what is right or wrong, and before what it costs."""
    return sum(line.key in {"correctness", "kv_pairs"} for line in lines)


def _work(work: contract.WorkEvidence, lines: list[CheckLine]) -> CheckLine:
    right = any(line.key == "kv_pairs" and line.passed for line in lines)
    return work_line(work, right_pairs=right)


def _pairs(check: contract.KvPairs, evidence: contract.Evidence) -> CheckLine:
    return pairs_line(check, evidence.pairs)


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
        picture=drawn(plots.error_plot(check.error, check.tolerance)),
    )


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
    if check.against == "full_cache":
        meaning += " " + _(
            "The reference keeps the keys and values of all tokens, many thousands before the "
            "first one timed, and reads them all in each step."
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
    return drawn(
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
        picture=drawn(plots.memory_plot(check.peak_mib, check.limit_mib)),
    )


def _traffic(check: contract.TrafficResult, _evidence: contract.Evidence) -> CheckLine:
    size, unit = byte_unit(check.limit_bytes)
    sent, limit = f"{check.sent_bytes / size:.1f}", f"{check.limit_bytes / size:.1f}"
    return CheckLine(
        key=check.name,
        name=_("Traffic"),
        passed=check.passed,
        result=_("%(sent)s %(unit)s sent by one rank, limit %(limit)s %(unit)s")
        % {"sent": sent, "limit": limit, "unit": unit},
        meaning=_(
            "The judge carries every tensor from rank to rank and counts its bytes; of the "
            "%(ranks)s ranks the one that sent most is told. Passing all keys and values once "
            "round takes one shift less than there are ranks. A shift too many, or queries, scores "
            "and float64 sent along, go beyond the limit."
        )
        % {"ranks": check.ranks},
        picture=drawn(plots.traffic_plot(check.sent_bytes, check.limit_bytes)),
    )


def _steady(check: contract.SteadyResult, _evidence: contract.Evidence) -> CheckLine:
    return CheckLine(
        key=check.name,
        name=_("Steady memory"),
        passed=check.passed,
        result=_("grew by %(growth)s MiB over %(steps)s tokens, limit %(limit)s MiB")
        % {
            "growth": f"{max(0.0, check.growth_mib):.1f}",
            "steps": f"{check.steps:,}",
            "limit": f"{check.limit_mib:g}",
        },
        meaning=_(
            "The memory of the whole process is read from outside while it decodes, after the "
            "first tokens and at the end. A cache of fixed size does not grow. One that keeps "
            "every token does, and so does a slice that keeps alive the larger tensor that it was "
            "cut from."
        ),
        picture=drawn(plots.steady_plot(check.growth_mib, check.limit_mib)),
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
        picture=drawn(plots.growth_plot(evidence.growth, slope=check.slope)),
        table=Table((_("n"), _("Yours"), _("Dense")), rows, _("Median time of one call"))
        if rows
        else None,
    )

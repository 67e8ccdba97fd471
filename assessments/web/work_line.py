"""How much a submission computes beside what it attends to: an explanation, never a verdict."""

from django.utils.translation import gettext as _

from assessments.web import plots
from assessments.web.lines import EMPTY, CheckLine, drawn
from grader.contract import WorkEvidence

USUAL = 2.0
"""Code in tiles computes whole tiles; up to so many times the pairs needed is nothing to mend."""

UNITS = ((1e12, "TFLOP"), (1e9, "GFLOP"), (1e6, "MFLOP"), (1e3, "kFLOP"))


def work_line(work: WorkEvidence, *, right_pairs: bool) -> CheckLine:
    """Tell of the pairs and operations computed at one size."""
    computes_more = work.touched is not None and work.touched > USUAL * work.expected
    return CheckLine(
        key="work",
        name=_("Work done"),
        passed=None,
        result="; ".join(filter(None, [_pairs(work, right_pairs=right_pairs), _flops(work)])),
        meaning="\n\n".join([_advice(work), _how_counted(work)]),
        picture=drawn(plots.work_plot(work.touched, work.expected)) if work.touched else EMPTY,
        opened=computes_more,
    )


def _pairs(work: WorkEvidence, *, right_pairs: bool) -> str:
    """Say in one sentence how the pairs computed compare with those needed."""
    if work.touched is None:
        return _("how many pairs you compute could not be told")
    words = {
        "touched": f"{work.touched:,}",
        "expected": f"{work.expected:,}",
        "times": times(work.touched / max(1, work.expected)),
    }
    if work.touched == work.expected:
        return _("you compute exactly the %(expected)s pairs needed") % words
    if work.touched < work.expected:
        return _("%(touched)s of %(expected)s pairs were seen being computed") % words
    if work.touched > USUAL * work.expected and right_pairs:
        return _("you attend to the right pairs, and compute %(times)s times as many") % words
    return _("you compute %(times)s times as many pairs as are needed") % words


def times(ratio: float) -> str:
    """Return a ratio with two digits or three, as far as they tell something."""
    return f"{ratio:.2f}" if ratio < USUAL else f"{ratio:.1f}"


def _flops(work: WorkEvidence) -> str:
    if not work.flops:
        return ""
    size, unit = _unit(max(work.flops, work.least_flops or 0))
    if not work.least_flops:
        return f"{work.flops / size:.3g} {unit}"
    return _("%(flops)s %(unit)s, at least %(least)s needed") % {
        "flops": f"{work.flops / size:.3g}",
        "least": f"{work.least_flops / size:.3g}",
        "unit": unit,
    }


def _unit(flops: float) -> tuple[float, str]:
    # 999.7 would be rounded to 1e+03: it is one of the next unit.
    return next(((size, name) for size, name in UNITS if flops >= 0.9995 * size), (1.0, "FLOP"))


def _advice(work: WorkEvidence) -> str:
    if work.touched is None:
        return _("Here the count did not come to an end, which does not count against you.")
    if work.touched < work.expected:
        return _(
            "Fewer than needed means that the count does not see all that your code does, for "
            "instance because it replaces NaN."
        )
    if work.touched <= USUAL * work.expected:
        return _(
            "Some more than needed is usual: code that works in tiles computes whole tiles, and "
            "masks what lies beyond the pattern's edges. Up to about twice as many is nothing to "
            "worry about."
        )
    return _(
        "What is not needed is computed and then thrown away, as a mask does it. Take only the "
        "keys that a block of queries can see."
    )


def _how_counted(work: WorkEvidence) -> str:
    touched = _(
        "A pair is computed when the value of its key takes part in the arithmetic for its query, "
        "with weight zero too. It shows when that value is NaN: zero times NaN is NaN, and a pair "
        "that is skipped stays clean."
    )
    explains = _(
        "This explains your result and decides nothing: time, growth and memory are measured from "
        "outside."
    )
    return " ".join(filter(None, [touched, _flops_mean(work), explains]))


def _flops_mean(work: WorkEvidence) -> str:
    if not work.flops:
        return ""
    told = _(
        "A FLOP is one multiplication or addition; torch's own counter was asked, and 4·d for each "
        "pair are needed."
    )
    if work.least_flops and work.flops < work.least_flops:
        unseen = _("It does not see the inside of fused operations, numpy or other threads.")
        return f"{told} {unseen}"
    return told

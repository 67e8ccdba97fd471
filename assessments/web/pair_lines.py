"""Which keys the queries of a submission used: counted, drawn, and listed where they are wrong."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TypedDict

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.web.lines import CheckLine, Table, drawn
from grader.contract import KvPairs, PairEvidence
from grader.patterns import Pattern, parse
from grader.patterns.pictures import mask_svg
from grader.patterns.selection import Selection

MOST_ROWS = 12
MOST_CHOSEN = 4_000
"""As many chosen pairs fit into the evidence; where there are so many, some may be left out."""


def pairs_line(check: KvPairs, shown: PairEvidence | None) -> CheckLine:
    """Tell of the pairs attended against those expected."""
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
        meaning=_meaning(shown),
        table=_wrong_rows(shown) if shown else None,
        **_drawing(shown),
    )


class _Drawing(TypedDict, total=False):
    picture: SafeString
    legend: tuple[tuple[str, str], ...]
    caption: str


def _drawing(shown: PairEvidence | None) -> _Drawing:
    if shown is None or len(shown.chosen) >= MOST_CHOSEN:
        return {}
    legend = (
        ("seen", _("filled: attended, as it should be")),
        ("extra", _("hatched: extra")),
        ("missing", _("outlined: missing")),
    )
    return {"picture": _mask(shown), "legend": legend, "caption": _caption(shown)}


def _meaning(shown: PairEvidence | None) -> str:
    told = _(
        "A probe recovers from your results which keys every query used. Extra pairs let a "
        "query see what it must not; missing pairs hide what it needs."
    )
    if shown is None or not shown.chosen:
        return told
    chosen = _(
        "Which keys a query must use depends here on its scores and not on its position: there is "
        "no fixed pattern, and every call has other pairs."
    )
    return f"{told} {chosen}"


def _pattern(shown: PairEvidence) -> Pattern:
    return Selection(frozenset(shown.chosen)) if shown.chosen else parse(shown.pattern, {})


@lru_cache(maxsize=64)
def _mask(shown: PairEvidence) -> SafeString:
    title = _("Pairs your code attends, n = %(n)s") % {"n": f"{shown.n:,}"}
    return drawn(
        mask_svg(
            _pattern(shown),
            shown.n,
            queries=shown.queries,
            title=title,
            extra=shown.extra,
            missing=shown.missing,
        )
    )


def _caption(shown: PairEvidence) -> str:
    """Say what is drawn: a small call shows more than the large one that was counted."""
    rule = _("the keys of each query's largest scores") if shown.chosen else shown.pattern
    words = {"n": f"{shown.n:,}", "queries": f"{shown.queries or shown.n:,}", "rule": rule}
    if shown.queries in {None, shown.n}:
        return _("Drawn from a call with n = %(n)s: %(rule)s") % words
    return _("Drawn from a call with %(queries)s queries and %(n)s keys: %(rule)s") % words


def _wrong_rows(shown: PairEvidence) -> Table | None:
    """List the first queries with wrong keys, counted from 1."""
    extra, missing = _by_query(shown.extra), _by_query(shown.missing)
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

"""What a wrong result looks like: the usual slips, tried one by one."""

import math

import torch
from torch import Tensor

from grader.contract import KvPairs, PairEvidence
from grader.judge import messages
from grader.judge.calls import Call
from grader.judge.correctness import FULL_ROWS, Comparison, compare
from grader.judge.session import place
from grader.patterns import Pattern

_LISTED_KEYS = 8


def wrong_output(call: Call, pattern: Pattern, output: Tensor, found: Comparison) -> str:
    """Return what to tell of a result with the right pairs and wrong numbers."""
    if found.error is None:
        return messages.NOT_FINITE.format(where=place(call))
    return messages.WRONG_OUTPUT.format(
        where=place(call),
        error=found.error,
        tolerance=found.tolerance,
        wrong=found.wrong_queries,
        rows=found.queries,
        hint=_hint(call, pattern, output, found),
    )


def _hint(call: Call, pattern: Pattern, output: Tensor, found: Comparison) -> str:
    root = math.sqrt(call.q.shape[-1])
    rows = torch.arange(call.n)[:: max(1, call.n // 64)]
    for factor, hint in (
        (root, messages.HINT_UNSCALED),
        (1 / root, messages.HINT_SCALED_BY_D),
    ):
        slip = Call(call.q * factor, call.k, call.v, call.parameters)
        if compare(slip, pattern, output, rows).passed:
            return hint
    if call.n > FULL_ROWS:
        return messages.HINT_LONG.format(query=found.query)
    if call.inputs == "large":
        return messages.HINT_LARGE
    if found.wrong_queries < found.queries:
        return messages.HINT_SOME_ROWS.format(query=found.query)
    return messages.HINT_GENERAL


def wrong_pairs(check: KvPairs, n: int, shown: PairEvidence, pattern: Pattern) -> str:
    """Return what to tell of wrong pairs, with one query of the picture as an example."""
    return messages.WRONG_PAIRS.format(
        extra=check.extra, missing=check.missing, n=n, example=_example(shown, pattern)
    )


def _example(shown: PairEvidence, pattern: Pattern) -> str:
    wrong = sorted([*shown.extra, *shown.missing])
    if not wrong:
        return ""
    # The middle of the list: at the first wrong query the sequence's own edge confuses.
    query = wrong[len(wrong) // 2][0]
    expected = set(pattern.keys(query, shown.n))
    extra = {key for row, key in shown.extra if row == query}
    missing = {key for row, key in shown.missing if row == query}
    return messages.EXAMPLE.format(
        query=query,
        expected=_keys(expected),
        attended=_keys(expected - missing | extra),
    )


def _keys(keys: set[int]) -> str:
    ordered = sorted(keys)
    if not ordered:
        return "no key"
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"keys {ordered[0]} to {ordered[-1]}"
    listed = ", ".join(map(str, ordered[:_LISTED_KEYS]))
    return f"keys {listed}" + (", …" if len(ordered) > _LISTED_KEYS else "")

"""What a wrong result looks like: the usual slips, tried one by one."""

import math
from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor

from grader.judge import messages
from grader.judge.calls import Call, Rule
from grader.judge.correctness import FULL_ROWS, Comparison, compare
from grader.judge.findings import place
from grader.judge.pairs import Pairs

_LISTED_KEYS = 8


def wrong_output(call: Call, rule: Rule, output: Tensor, found: Comparison) -> str:
    """Return what to tell of a result with the right pairs and wrong numbers."""
    but = messages.NO_PROBE_BUT if rule.elu else messages.RIGHT_PAIRS_BUT
    if found.error is None:
        hint = messages.HINT_NOT_FINITE_ELU if rule.elu else messages.HINT_NOT_FINITE
        return messages.NOT_FINITE.format(but=but, where=place(call), hint=hint)
    return messages.WRONG_OUTPUT.format(
        but=but,
        where=place(call),
        error=found.error,
        tolerance=found.tolerance,
        wrong=found.wrong_queries,
        rows=found.queries,
        hint=_hint(call, rule, output, found),
    )


def _hint(call: Call, rule: Rule, output: Tensor, found: Comparison) -> str:
    rows = torch.arange(call.m)[:: max(1, call.m // 64)]
    for slip, slipped, hint in _slips(call, rule):
        if compare(slip, slipped, output, rows).passed:
            return hint
    if call.n > FULL_ROWS:
        return messages.HINT_LONG.format(query=found.query)
    if call.inputs == "large":
        return messages.HINT_LARGE
    if found.wrong_queries < found.queries:
        return messages.HINT_SOME_ROWS.format(query=found.query)
    return messages.HINT_GENERAL_ELU if rule.elu else messages.HINT_GENERAL


def _slips(call: Call, rule: Rule) -> Iterator[tuple[Call, Rule, str]]:
    """Yield what the usual mistakes compute."""
    if rule.elu:
        yield call, replace(rule, elu=False), messages.HINT_SOFTMAX
        return
    root = math.sqrt(call.q.shape[-1])
    yield replace(call, q=call.q * root), rule, messages.HINT_UNSCALED
    yield replace(call, q=call.q / root), rule, messages.HINT_SCALED_BY_D
    if call.groups > 1:
        k, v = (one.repeat(1, call.groups, 1, 1) for one in (call.k, call.v))
        yield replace(call, k=k, v=v), rule, messages.HINT_GROUPS


def wrong_pairs(differing: Pairs, shown: Pairs) -> str:
    """Return what to tell of wrong pairs, with one query of the picture as an example."""
    check = differing.check()
    return messages.WRONG_PAIRS.format(
        extra=check.extra, missing=check.missing, n=differing.n, example=_example(shown)
    )


def _example(shown: Pairs) -> str:
    wrong = (shown.attended ^ shown.expected).any(dim=1).nonzero().flatten().tolist()
    if not wrong:
        return ""
    # The middle of the list: at the first wrong query the sequence's own edge confuses.
    query = wrong[len(wrong) // 2]
    return messages.EXAMPLE.format(
        query=query,
        expected=_keys(set(shown.expected[query].nonzero().flatten().tolist())),
        attended=_keys(set(shown.attended[query].nonzero().flatten().tolist())),
    )


def _keys(keys: set[int]) -> str:
    ordered = sorted(keys)
    if not ordered:
        return "no key"
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"keys {ordered[0]} to {ordered[-1]}"
    listed = ", ".join(map(str, ordered[:_LISTED_KEYS]))
    return f"keys {listed}" + (", …" if len(ordered) > _LISTED_KEYS else "")

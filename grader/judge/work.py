"""How much does a submission compute, whatever it attends to? For explanation alone.

A value that takes part in the arithmetic spreads NaN, with weight zero too: 0 · NaN is NaN. Let v
hold NaN in column c for key c alone, then the rows of the output with NaN in column c are the
queries that key c was computed for. Code that wants to can notice; it can mislead only itself.
"""

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from grader.contract import Case, Draw, WorkEvidence
from grader.judge.calls import Call, Rule
from grader.judge.expected import chosen
from grader.judge.inputs import Inputs


def work(
    case: Case,
    inputs: Inputs,
    rule_of: Callable[[Call], Rule],
    run: Callable[[Call], Tensor],
    count_flops: Callable[[Call], int | None],
) -> WorkEvidence:
    """Return what is computed on a call of ``case``, by one KV head of one batch."""
    one = Draw(low=1, high=1)
    call = inputs.draw(case.model_copy(update={"batch": one, "heads": one, "inputs": "random"}))
    mask = chosen(call, rule_of(call), torch.arange(call.m))
    expected = int(mask.expand(1, call.groups, -1, -1).sum())
    touched = sum(_touched(call, start, run) for start in range(0, call.n, call.v.shape[3]))
    return WorkEvidence(
        n=call.n,
        expected=expected,
        touched=touched,
        flops=count_flops(call),
        least_flops=4 * expected * call.q.shape[3],
    )


def _touched(call: Call, start: int, run: Callable[[Call], Tensor]) -> int:
    """Return how many queries touch the keys from ``start`` on, a column of v each."""
    v = call.v.clone()
    keys = torch.arange(start, min(start + v.shape[3], call.n))
    v[:, :, keys, keys - start] = torch.nan
    output = run(replace(call, v=v))
    return int(output[..., : len(keys)].isnan().sum())

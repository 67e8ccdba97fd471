"""How fast can it be at all? The least time that the arithmetic of a call takes on this machine."""

import functools
import time

import torch

from grader.judge.calls import Call, Rule

_SIDE = 1024
_ROUNDS = 8
# Matrix products of another shape, a core that runs faster for a moment: a person looks only at
# what is twice as fast as this machine was seen to multiply.
_MARGIN = 2.0


@functools.cache
def flops_per_second() -> float:
    """Return what one thread of this machine reaches at multiplying float32 matrices, at best."""
    a, b = torch.randn(_SIDE, _SIDE), torch.randn(_SIDE, _SIDE)
    best = min(_seconds(a, b) for _ in range(_ROUNDS))
    return float(2 * _SIDE**3 / best)


def _seconds(a: torch.Tensor, b: torch.Tensor) -> float:
    start = time.thread_time()
    torch.mm(a, b)
    return time.thread_time() - start


def least_seconds(call: Call, rule: Rule) -> float:
    """Return the seconds below which no call of this size has ever done all its arithmetic."""
    batch, heads, m, d = call.q.shape
    if rule.elu:
        flops = 4 * m * d * d
    elif rule.top_k is not None:
        flops = 4 * m * min(rule.top_k, call.n) * d
    else:
        flops = 4 * rule.pattern.count(call.n) * d
    return batch * heads * flops / flops_per_second() / _MARGIN

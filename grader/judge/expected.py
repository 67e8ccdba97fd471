"""What the answer is: softmax attention over the visible keys, row by row, in any precision."""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from grader.judge.calls import Call
from grader.patterns import Pattern

# Scores of one chunk, all heads together: 64 MiB in float64.
_CHUNK_SCORES = 8 << 20


def mask_rows(pattern: Pattern, rows: Tensor, n: int) -> Tensor:
    """Return bool ``[len(rows), n]``: does this query see that key?"""
    seen: Tensor = pattern.sees(rows[:, None], torch.arange(n)[None, :], n)
    return torch.as_tensor(seen).expand(len(rows), n)


def attend(call: Call, mask: Tensor, rows: Tensor, dtype: torch.dtype) -> tuple[Tensor, float]:
    """Return attention of the queries ``rows``, and the largest magnitude of a logit.

    ``mask`` is bool ``[len(rows), n]``; the result is ``[batch, heads, len(rows), d]`` computed in
    ``dtype``: float64 is the truth, float32 the trusted implementation that tolerances rest on.
    """
    k, v = call.k.to(dtype), call.v.to(dtype)
    parts, largest = [], 0.0
    for chunk in _chunks(rows, call):
        scores = call.q[:, :, rows[chunk], :].to(dtype) @ k.transpose(-1, -2)
        scores /= math.sqrt(call.q.shape[-1])
        low, high = torch.aminmax(scores)
        largest = max(largest, -float(low), float(high))
        weights = scores.masked_fill_(~mask[chunk], -math.inf).softmax(dim=-1)
        parts.append(weights @ v)
    return torch.cat(parts, dim=2), largest


def _chunks(rows: Tensor, call: Call) -> Iterator[slice]:
    batch, heads, n, _ = call.q.shape
    step = max(1, _CHUNK_SCORES // (batch * heads * n))
    for start in range(0, len(rows), step):
        yield slice(start, start + step)

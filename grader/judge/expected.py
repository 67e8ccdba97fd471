"""What the answer is: attention over the visible keys, row by row, in any precision."""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from grader.judge.calls import Call, Rule
from grader.patterns import Pattern, RandomBlocks

# Scores of one chunk, all heads together: 64 MiB in float64.
_CHUNK_SCORES = 8 << 20


def mask_rows(pattern: Pattern, rows: Tensor, n: int) -> Tensor:
    """Return bool ``[len(rows), n]``: does this query see that key?"""
    if any(isinstance(atom, RandomBlocks) for atom in pattern.atoms()):
        # Drawn tiles have no formula over index tensors that is not slower than listing them.
        return _listed_rows(pattern, rows, n)
    seen: Tensor = pattern.sees(rows[:, None], torch.arange(n)[None, :], n)
    return torch.as_tensor(seen).expand(len(rows), n)


def _listed_rows(pattern: Pattern, rows: Tensor, n: int) -> Tensor:
    mask = torch.zeros(len(rows), n, dtype=torch.bool)
    for place, row in enumerate(rows.tolist()):
        for keys in pattern.ranges(row, n):
            mask[place, keys.start : keys.stop : keys.step] = True
    return mask


def chosen(call: Call, rule: Rule, rows: Tensor) -> Tensor:
    """Return bool ``[batch, heads, len(rows), n]``, or with ones for batch and heads: what counts.

    The largest scores are chosen by those of float64; inputs are drawn so that float32 agrees.
    """
    mask = mask_rows(rule.pattern, rows, call.n)[None, None]
    if rule.top_k is None:
        return mask
    scores = scores_of(call, rows, torch.float64).masked_fill_(~mask, -math.inf)
    best = scores.topk(min(rule.top_k, call.n), dim=-1).indices
    return torch.zeros_like(scores, dtype=torch.bool).scatter_(-1, best, True) & mask


def scores_of(call: Call, rows: Tensor, dtype: torch.dtype) -> Tensor:
    """Return q·k / sqrt(d) of the queries ``rows``, ``[batch, heads, len(rows), n]``."""
    k = call.k.to(dtype).repeat_interleave(call.groups, dim=1)
    scores = call.q[:, :, rows, :].to(dtype) @ k.transpose(-1, -2)
    return scores.div_(math.sqrt(call.q.shape[-1]))


def attend(call: Call, rule: Rule, rows: Tensor, dtype: torch.dtype) -> tuple[Tensor, float]:
    """Return attention of the queries ``rows``, and the largest magnitude of a logit.

    The result is ``[batch, heads, len(rows), d]`` computed in ``dtype``: float64 is the truth,
    float32 the trusted implementation that tolerances rest on.
    """
    v = call.v.to(dtype).repeat_interleave(call.groups, dim=1)
    parts, largest = [], 0.0
    for some in _chunks(rows, call):
        mask = chosen(call, rule, some)
        if rule.elu:
            weights = _elu_weights(call, mask, some, dtype)
            # Every product of d terms is rounded, which a sum over few keys does not average out.
            largest = math.sqrt(call.q.shape[-1])
        else:
            scores = scores_of(call, some, dtype)
            low, high = torch.aminmax(scores)
            largest = max(largest, -float(low), float(high))
            weights = scores.masked_fill_(~mask, -math.inf).softmax(dim=-1)
        parts.append(weights @ v)
    return torch.cat(parts, dim=2), largest


def _elu_weights(call: Call, mask: Tensor, rows: Tensor, dtype: torch.dtype) -> Tensor:
    """Return phi(q)·phi(k), phi(x) = elu(x) + 1, over their sum (Katharopoulos et al., 2020)."""
    q = torch.nn.functional.elu(call.q[:, :, rows, :].to(dtype)) + 1
    k = torch.nn.functional.elu(call.k.to(dtype)) + 1
    products = q @ k.repeat_interleave(call.groups, dim=1).transpose(-1, -2)
    products = products.masked_fill_(~mask, 0.0)
    return products.div_(products.sum(dim=-1, keepdim=True))


def _chunks(rows: Tensor, call: Call) -> Iterator[Tensor]:
    batch, heads = call.q.shape[:2]
    step = max(1, _CHUNK_SCORES // (batch * heads * call.n))
    for start in range(0, len(rows), step):
        yield rows[start : start + step]

"""Causal attention tile by tile with an online softmax, blocks of keys outside.

Dao et al., "FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness", 2022,
algorithm 1: each block of keys meets all queries after it, whose running results lie in memory.
"""

import math

import torch
from torch import Tensor

_QUERIES, _KEYS = 256, 256


def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Return attention in which query i sees key j when ``j <= i``.

    q, k, v and the result are ``[batch, heads, n, d]``. Beside one tile of scores, two numbers and
    one row of the result are kept per query.
    """
    n = q.shape[2]
    q = q / math.sqrt(q.shape[-1])
    largest = q.new_full((*q.shape[:3], 1), -math.inf)
    total, weighted = torch.zeros_like(largest), torch.zeros_like(q)
    for first in range(0, n, _KEYS):
        keys, values = (x[:, :, first : first + _KEYS] for x in (k, v))
        for start in range(first, n, _QUERIES):
            rows = slice(start, start + _QUERIES)
            scores = _scores(q[:, :, rows], keys, start - first)
            before = largest[:, :, rows]
            raised = torch.maximum(before, scores.amax(dim=-1, keepdim=True))
            shrink = (before - raised).exp_()
            weights = scores.sub_(raised).exp_()
            total[:, :, rows].mul_(shrink).add_(weights.sum(dim=-1, keepdim=True))
            weighted[:, :, rows].mul_(shrink).add_(weights @ values)
            largest[:, :, rows] = raised
    return weighted.div_(total)


def _scores(queries: Tensor, keys: Tensor, ahead: int) -> Tensor:
    """Return a tile's scores, the future hidden; its first query is ``ahead`` of its first key."""
    scores = queries @ keys.transpose(-1, -2)
    if ahead + 1 < keys.shape[2]:
        row = torch.arange(queries.shape[2], device=queries.device)[:, None] + ahead
        future = torch.arange(keys.shape[2], device=queries.device)[None, :] > row
        scores.masked_fill_(future, -math.inf)
    return scores

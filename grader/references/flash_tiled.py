"""Causal attention tile by tile with an online softmax, blocks of queries outside.

The online softmax is Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018,
algorithm 3; tiles with the queries in the outer loop are Dao, "FlashAttention-2: Faster Attention
with Better Parallelism and Work Partitioning", 2023, algorithm 1.
"""

import math

import torch
from torch import Tensor

_QUERIES, _KEYS = 128, 512


def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Return attention in which query i sees key j when ``j <= i``.

    q, k, v and the result are ``[batch, heads, n, d]``. Never more than one tile of scores exists,
    and no tile that lies in the future is made.
    """
    n = q.shape[2]
    out = torch.empty_like(q)
    for start in range(0, n, _QUERIES):
        stop = min(start + _QUERIES, n)
        out[:, :, start:stop] = _rows(q, k, v, start, stop)
    return out


def _rows(q: Tensor, k: Tensor, v: Tensor, start: int, stop: int) -> Tensor:
    """Return the result's rows ``start`` to ``stop``."""
    queries = q[:, :, start:stop] / math.sqrt(q.shape[-1])
    row = torch.arange(start, stop, device=q.device)[:, None]
    largest = queries.new_full((*queries.shape[:3], 1), -math.inf)
    total, weighted = torch.zeros_like(largest), torch.zeros_like(queries)
    for first in range(0, stop, _KEYS):
        last = min(first + _KEYS, stop)
        scores = queries @ k[:, :, first:last].transpose(-1, -2)
        if last > start + 1:
            future = torch.arange(first, last, device=q.device)[None, :] > row
            scores.masked_fill_(future, -math.inf)
        # What has been summed up so far was relative to the old maximum: bring it to the new one.
        raised = torch.maximum(largest, scores.amax(dim=-1, keepdim=True))
        shrink = (largest - raised).exp_()
        weights = scores.sub_(raised).exp_()
        total = total * shrink + weights.sum(dim=-1, keepdim=True)
        weighted = weighted * shrink + weights @ v[:, :, first:last]
        largest = raised
    return weighted / total

"""Sliding-window attention with grouped queries: a group's queries are rows of one product.

Ainslie et al., "GQA: Training Generalized Multi-Query Transformer Models from Multi-Head
Checkpoints", 2023, section 2.2; that queries which share a head can stand below each other is
Shazeer, "Fast Transformer Decoding: One Write-Head is All You Need", 2019, section 3.
"""

import math

import torch
from torch import Tensor

_BLOCK = 128


def attention(q: Tensor, k: Tensor, v: Tensor, window: int) -> Tensor:
    """Return attention in which query i sees key j when ``0 <= i - j < window``.

    q and the result are ``[batch, heads, n, d]``, k and v ``[batch, kv_heads, n, d]``; query head h
    uses KV head h // groups. A block of positions brings the rows of all its query heads, which
    meet the block's slice of the keys in one matrix product.
    """
    batch, kv_heads, n, d = k.shape
    queries = q.view(batch, kv_heads, -1, n, d)
    out = torch.empty_like(queries)
    for start in range(0, n, _BLOCK):
        stop, first = min(start + _BLOCK, n), max(0, start - window + 1)
        distance = (
            torch.arange(start, stop, device=q.device)[:, None]
            - torch.arange(first, stop, device=q.device)[None, :]
        )
        hidden = (distance < 0) | (distance >= window)
        rows = queries[:, :, :, start:stop].flatten(2, 3)
        scores = rows @ k[:, :, first:stop].transpose(-1, -2) / math.sqrt(d)
        scores = scores.view(batch, kv_heads, -1, *hidden.shape).masked_fill_(hidden, -math.inf)
        block = scores.softmax(-1).flatten(2, 3) @ v[:, :, first:stop]
        out[:, :, :, start:stop] = block.view(batch, kv_heads, -1, stop - start, d)
    return out.view_as(q)

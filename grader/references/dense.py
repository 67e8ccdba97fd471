"""Dense attention, whole and causal: scaled dot products, softmax, weighted sum.

Vaswani et al., "Attention Is All You Need", 2017, section 3.2.1. All functions take q, k and v as
``[batch, heads, n, d]`` and return the same shape; further keywords are accepted and ignored, so
that each can stand against a sparse function on the same calls.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention


def sdpa_causal(q: Tensor, k: Tensor, v: Tensor, **_: int) -> Tensor:
    """Return torch's own attention over keys up to the query."""
    return scaled_dot_product_attention(q, k, v, is_causal=True)


def sdpa_full(q: Tensor, k: Tensor, v: Tensor, **_: int) -> Tensor:
    """Return torch's own attention over all keys."""
    return scaled_dot_product_attention(q, k, v)


def naive_causal(q: Tensor, k: Tensor, v: Tensor, **_: int) -> Tensor:
    """Return attention over keys up to the query, the whole score matrix at once."""
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    n = q.shape[-2]
    future = torch.ones(n, n, dtype=torch.bool).triu(1)
    return scores.masked_fill_(future, -math.inf).softmax(dim=-1) @ v


def naive_full(q: Tensor, k: Tensor, v: Tensor, **_: int) -> Tensor:
    """Return attention over all keys, the whole score matrix at once."""
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return scores.softmax(dim=-1) @ v

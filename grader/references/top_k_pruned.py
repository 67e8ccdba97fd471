"""Attention to the top_k best keys of each query, by a threshold on its scores.

Gupta et al., "Memory-efficient Transformers via Top-k Attention", 2021, section 2; keeping the
largest scores alone is also Zhao et al., "Explicit Sparse Transformer", 2019, section 2.2.
"""

import math

import torch
from torch import Tensor


def attention(q: Tensor, k: Tensor, v: Tensor, top_k: int) -> Tensor:
    """Return attention in which each query sees the keys of its ``top_k`` largest scores.

    q and the result are ``[batch, heads, m, d]``, k and v ``[batch, heads, n, d]``. All scores are
    made, so this saves no work over dense attention; the softmax runs over those that are kept.
    """
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    smallest_kept = torch.topk(scores, top_k, dim=-1, sorted=True).values[..., -1:]
    return scores.masked_fill_(scores < smallest_kept, -math.inf).softmax(dim=-1) @ v

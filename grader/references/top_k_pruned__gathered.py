"""Attention to the top_k best keys of each query, their values gathered.

Gupta et al., "Memory-efficient Transformers via Top-k Attention", 2021, section 2, queries in
chunks as they propose.
"""

import math

import torch
from torch import Tensor

# Gathered values of one chunk of queries: 16 MiB in float32.
_CHUNK_VALUES = 4 << 20


def attention(q: Tensor, k: Tensor, v: Tensor, top_k: int) -> Tensor:
    """Return attention in which each query sees the keys of its ``top_k`` largest scores.

    q and the result are ``[batch, heads, m, d]``, k and v ``[batch, heads, n, d]``. Only the values
    of the kept keys are read.
    """
    batch, heads, m, d = q.shape
    step = max(1, _CHUNK_VALUES // (batch * heads * top_k * d))
    parts = []
    for start in range(0, m, step):
        scores = q[:, :, start : start + step] @ k.transpose(-1, -2) / math.sqrt(d)
        best = torch.topk(scores, top_k, dim=-1)
        kept = torch.take_along_dim(v[:, :, None], best.indices[..., None], dim=3)
        parts.append((best.values.softmax(dim=-1)[..., None] * kept).sum(dim=3))
    return torch.cat(parts, dim=2)

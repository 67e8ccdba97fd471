"""Dense causal attention written out, some rows of the score matrix at a time.

Vaswani et al., "Attention Is All You Need", 2017, sections 3.2.1 and 3.2.3; computing rows in
chunks to save memory is Rabe and Staats, "Self-attention Does Not Need O(n^2) Memory", 2021.
"""

import math

import torch
from torch import Tensor

_ROWS = 128


def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Return attention in which query i sees key j <= i; all are ``[batch, heads, n, d]``."""
    n, d = q.shape[2:]
    out = torch.empty_like(q)
    for start in range(0, n, _ROWS):
        stop = min(start + _ROWS, n)
        scores = q[:, :, start:stop] @ k[:, :, :stop].transpose(-1, -2) / math.sqrt(d)
        future = (
            torch.arange(stop, device=q.device)[None, :]
            > torch.arange(start, stop, device=q.device)[:, None]
        )
        weights = scores.masked_fill_(future, -math.inf).softmax(dim=-1)
        out[:, :, start:stop] = weights @ v[:, :, :stop]
    return out

"""Causal attention to every stride-th key, on a grid of rounds by residues, row by row.

Child et al., "Generating Long Sequences with Sparse Transformers", 2019, section 4.2: written as a
grid whose rows are ``stride`` long, a position sees the column above it.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import pad

_ROWS = 64


def attention(q: Tensor, k: Tensor, v: Tensor, stride: int) -> Tensor:
    """Return attention in which i sees ``j <= i`` when ``(i - j) % stride == 0``.

    q, k, v and the result are ``[batch, heads, n, d]``. A chunk of rows of the grid meets the rows
    up to its own end, so that no more scores are kept than n * 64.
    """
    batch, heads, n, d = q.shape
    stride = min(stride, n)
    rounds = -(-n // stride)
    # The padding stands at the end, where no query before it looks.
    whole = (0, 0, 0, rounds * stride - n)
    q, k, v = (pad(x, whole).view(batch, heads, rounds, stride, d) for x in (q, k, v))
    out = torch.empty_like(q)
    for start in range(0, rounds, _ROWS):
        stop = min(start + _ROWS, rounds)
        scores = torch.einsum("bhisd,bhjsd->bhsij", q[:, :, start:stop], k[:, :, :stop])
        future = (
            torch.arange(stop, device=q.device)[None, :]
            > torch.arange(start, stop, device=q.device)[:, None]
        )
        weights = scores.div_(math.sqrt(d)).masked_fill_(future, -math.inf).softmax(-1)
        out[:, :, start:stop] = torch.einsum("bhsij,bhjsd->bhisd", weights, v[:, :, :stop])
    return out.flatten(2, 3)[:, :, :n]

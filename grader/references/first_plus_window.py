"""Attention to the first key and the last three.

A sink beside a window is Xiao et al., "Efficient Streaming Language Models with Attention Sinks",
2023, section 3.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import pad

_WINDOW = 3


def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Return attention in which query i sees key j <= i when j == 0 or ``i - j <= 2``.

    q, k, v and the result are ``[batch, heads, n, d]``. Four scores per query: the first key, then
    the shifts 2, 1 and 0; a shift that reaches key 0 is hidden, for that key is there already.
    """
    n, d = q.shape[2:]
    shifts = range(_WINDOW - 1, -1, -1)
    keys = [k[:, :, :1], *(_delayed(k, shift) for shift in shifts)]
    values = [v[:, :, :1], *(_delayed(v, shift) for shift in shifts)]
    scores = torch.stack([(q * key).sum(-1) for key in keys], dim=-1) / math.sqrt(d)
    position = torch.arange(n)[:, None] - torch.tensor([n, *shifts])[None, :]
    hidden = position <= 0
    hidden[:, 0] = False
    weights = scores.masked_fill(hidden.to(q.device), -math.inf).softmax(dim=-1)
    out = weights[..., :1] * values[0]
    for column, value in enumerate(values[1:], start=1):
        out += weights[..., column : column + 1] * value
    return out


def _delayed(x: Tensor, shift: int) -> Tensor:
    return pad(x, (0, 0, shift, 0))[:, :, : x.shape[2]]

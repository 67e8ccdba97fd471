"""Attention to the first key and the last three, in blocks of queries.

A sink beside a window is Xiao et al., "Efficient Streaming Language Models with Attention Sinks",
2023, section 3.
"""

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

_BLOCK = 64
_BACK = 2


def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Return attention in which query i sees key j <= i when j == 0 or ``i - j <= 2``.

    q, k, v and the result are ``[batch, heads, n, d]``. A block attends to the first key, which
    stands in front, and to a slice of the others from just before the block to its end.
    """
    n = q.shape[2]
    out = torch.empty_like(q)
    for start in range(0, n, _BLOCK):
        stop, first = min(start + _BLOCK, n), max(1, start - _BACK)
        distance = (
            torch.arange(start, stop, device=q.device)[:, None]
            - torch.arange(first, stop, device=q.device)[None, :]
        )
        near = (distance >= 0) & (distance <= _BACK)
        seen = torch.cat(
            [torch.ones(stop - start, 1, dtype=torch.bool, device=q.device), near], dim=1
        )
        keys, values = (torch.cat([x[:, :, :1], x[:, :, first:stop]], dim=2) for x in (k, v))
        out[:, :, start:stop] = scaled_dot_product_attention(
            q[:, :, start:stop], keys, values, attn_mask=seen
        )
    return out

"""Causal sliding-window attention, one block of queries at a time.

The pattern is that of Child et al., "Generating Long Sequences with Sparse Transformers", 2019, and
of Jiang et al., "Mistral 7B", 2023, section 2; working in blocks that skip what no query of a block
sees is Beltagy et al., "Longformer", 2020, section 3.1.
"""

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

_BLOCK = 128


def attention(q: Tensor, k: Tensor, v: Tensor, window: int) -> Tensor:
    """Return attention in which query i sees key j when ``0 <= i - j < window``.

    q, k, v and the result are ``[batch, heads, n, d]``; work and memory are linear in n.
    """
    n = q.shape[2]
    out = torch.empty_like(q)
    for start in range(0, n, _BLOCK):
        stop = min(start + _BLOCK, n)
        first = max(0, start - window + 1)
        row = torch.arange(start, stop, device=q.device)[:, None]
        column = torch.arange(first, stop, device=q.device)[None, :]
        seen = (column <= row) & (row - column < window)
        out[:, :, start:stop] = scaled_dot_product_attention(
            q[:, :, start:stop], k[:, :, first:stop], v[:, :, first:stop], attn_mask=seen
        )
    return out

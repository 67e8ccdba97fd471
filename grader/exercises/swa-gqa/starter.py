"""Sliding window with grouped queries.

Query head h uses KV head h // (heads // kv_heads); query i sees key j when 0 <= i - j < window.
"""

import torch


def attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, window: int) -> torch.Tensor:
    """Return attention of the shape of q; k and v are [batch, kv_heads, n, d]."""
    raise NotImplementedError("Write me.")

"""A window to both sides: query i sees key j when abs(i - j) <= window // 2."""

import torch


def attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, window: int) -> torch.Tensor:
    """Return attention of the shape of q; q, k and v are [batch, heads, n, d]."""
    raise NotImplementedError("Write me.")

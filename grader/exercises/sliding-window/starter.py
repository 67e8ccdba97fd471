"""Sliding-window attention: query i sees key j when 0 <= i - j < window."""

import torch


def attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, window: int) -> torch.Tensor:
    """Return attention of the shape of q; q, k and v are [batch, heads, n, d]."""
    raise NotImplementedError("Write me.")

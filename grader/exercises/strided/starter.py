"""Strided attention: query i sees key j when j <= i and (i - j) % stride == 0."""

import torch


def attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, stride: int) -> torch.Tensor:
    """Return attention of the shape of q; q, k and v are [batch, heads, n, d]."""
    raise NotImplementedError("Write me.")

"""Window plus global tokens.

Query i sees key j when abs(i - j) <= window // 2 or i < n_global or j < n_global.
"""

import torch


def attention(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, window: int, n_global: int
) -> torch.Tensor:
    """Return attention of the shape of q; q, k and v are [batch, heads, n, d]."""
    raise NotImplementedError("Write me.")

"""Top-k pruned attention: each query sees the keys of its top_k largest scores."""

import torch


def attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, top_k: int) -> torch.Tensor:
    """Return attention of the shape of q, which is [batch, heads, m, d]; k and v have n keys."""
    raise NotImplementedError("Write me.")

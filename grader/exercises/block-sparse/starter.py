"""Block-sparse attention: i sees j when block_mask[i // block_size, j // block_size]."""

import torch


def attention(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    block_mask: torch.Tensor,
    block_size: int,
) -> torch.Tensor:
    """Return attention of the shape of q; block_mask is bool [n_blocks, n_blocks]."""
    raise NotImplementedError("Write me.")

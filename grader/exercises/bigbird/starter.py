"""BigBird's blocks.

With I = i // block_size and J = j // block_size, query i sees key j when abs(I - J) <= 1, I == 0,
J == 0 or J in random_blocks[I].
"""

import torch


def attention(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    block_size: int,
    random_blocks: torch.Tensor,
) -> torch.Tensor:
    """Return attention of the shape of q; random_blocks is int64 [n_blocks, r]."""
    raise NotImplementedError("Write me.")

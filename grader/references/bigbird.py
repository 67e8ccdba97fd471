"""BigBird's block-sparse attention, one block of queries at a time.

Zaheer et al., "Big Bird: Transformers for Longer Sequences", 2020, section 2 and appendix D.
"""

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention


def attention(q: Tensor, k: Tensor, v: Tensor, block_size: int, random_blocks: Tensor) -> Tensor:
    """Return attention in which a block I of queries sees block J of keys when one of these holds.

    ``abs(I - J) <= 1``, ``I == 0``, ``J == 0`` or ``J in random_blocks[I]``. q, k, v and the result
    are ``[batch, heads, n, d]``. The blocks are a set, so that none counts twice; neighbours in
    that set are one slice, and there is nothing left to mask.
    """
    blocks = len(random_blocks)
    out = torch.empty_like(q)
    for row, drawn in enumerate(random_blocks.tolist()):
        near = range(max(0, row - 1), min(blocks, row + 2))
        seen = sorted({0, *near, *drawn}) if row else range(blocks)
        pieces = [slice(first * block_size, last * block_size) for first, last in _runs(seen)]
        keys, values = (torch.cat([x[:, :, piece] for piece in pieces], dim=2) for x in (k, v))
        own = slice(row * block_size, (row + 1) * block_size)
        out[:, :, own] = scaled_dot_product_attention(q[:, :, own], keys, values)
    return out


def _runs(numbers: list[int] | range) -> list[tuple[int, int]]:
    """Return ascending numbers as (first, last + 1) of runs without a gap."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return runs

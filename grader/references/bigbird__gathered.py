"""BigBird's block-sparse attention: neighbours, first block, random blocks.

Zaheer et al., "Big Bird: Transformers for Longer Sequences", 2020, section 2 and appendix D, from
where gathering whole blocks of keys comes, so that what is computed are dense products.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import pad, scaled_dot_product_attention

_GATHERED = 1 << 13  # keys gathered at a time, so that they stay in the processor's cache


def attention(q: Tensor, k: Tensor, v: Tensor, block_size: int, random_blocks: Tensor) -> Tensor:
    """Return attention in which a block I of queries sees block J of keys when one of these holds.

    ``abs(I - J) <= 1``, ``I == 0``, ``J == 0`` or ``J in random_blocks[I]``. q, k, v and the result
    are ``[batch, heads, n, d]``; work and memory are linear in n for fixed parameters.
    """
    batch, heads, n, d = q.shape
    blocks = len(random_blocks)
    columns, seen = _columns(random_blocks)
    whole = (0, 0, 0, blocks * block_size - n)
    queries, keys, values = (pad(x, whole).view(-1, blocks, block_size, d) for x in (q, k, v))
    out = torch.empty_like(queries)
    step = max(1, _GATHERED // (columns.shape[1] * block_size))
    for start in range(0, blocks, step):
        rows = slice(start, min(start + step, blocks))
        position = columns[rows, :, None] * block_size + torch.arange(block_size, device=q.device)
        hidden = ~seen[rows, :, None] | (position >= n)
        bias = torch.zeros(hidden.shape, device=q.device).masked_fill_(hidden, -math.inf).flatten(1)
        out[:, rows] = scaled_dot_product_attention(
            queries[:, rows],
            keys[:, columns[rows]].flatten(2, 3),
            values[:, columns[rows]].flatten(2, 3),
            attn_mask=bias[:, None].expand(-1, block_size, -1),
        )
    out = out.view(batch, heads, -1, d)[:, :, :n]
    out[:, :, :block_size] = scaled_dot_product_attention(q[:, :, :block_size], k, v)
    return out


def _columns(random_blocks: Tensor) -> tuple[Tensor, Tensor]:
    """Return the blocks that each block of queries sees, and which entries of that list count.

    Neighbours beyond the ends are moved to an end; of a block that is listed twice only the first
    entry counts, for each key has one weight.
    """
    blocks = len(random_blocks)
    own = torch.arange(blocks, device=random_blocks.device)[:, None]
    near = (own + torch.arange(-1, 2, device=random_blocks.device)).clamp(0, blocks - 1)
    columns = torch.cat([torch.zeros_like(own), near, random_blocks], dim=1).sort(dim=1).values
    seen = torch.ones_like(columns, dtype=torch.bool)
    seen[:, 1:] = columns[:, 1:] != columns[:, :-1]
    return columns, seen

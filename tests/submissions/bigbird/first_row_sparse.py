# expect: wrong_pairs
# The first block is seen by all, but does not see all.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_size, random_blocks):
    n, blocks = q.shape[2], len(random_blocks)
    position = torch.arange(n)
    out = torch.empty_like(q)
    for row, drawn in enumerate(random_blocks.tolist()):
        tiles = sorted({0, *range(max(0, row - 1), min(blocks, row + 2)), *drawn})
        keys = torch.cat([position[b * block_size : (b + 1) * block_size] for b in tiles])
        own = slice(row * block_size, (row + 1) * block_size)
        out[:, :, own] = F.scaled_dot_product_attention(q[:, :, own], k[:, :, keys], v[:, :, keys])
    return out

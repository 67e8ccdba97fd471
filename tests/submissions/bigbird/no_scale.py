# expect: wrong_output
# The factor 1/sqrt(d) is forgotten.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_size, random_blocks):
    n, blocks = q.shape[2], len(random_blocks)
    position = torch.arange(n)
    out = torch.empty_like(q)
    for row, drawn in enumerate(random_blocks.tolist()):
        near = range(max(0, row - 1), min(blocks, row + 2))
        tiles = sorted({0, *near, *drawn}) if row else range(blocks)
        keys = torch.cat([position[b * block_size : (b + 1) * block_size] for b in tiles])
        own = slice(row * block_size, (row + 1) * block_size)
        out[:, :, own] = F.scaled_dot_product_attention(
            q[:, :, own], k[:, :, keys], v[:, :, keys], scale=1.0
        )
    return out

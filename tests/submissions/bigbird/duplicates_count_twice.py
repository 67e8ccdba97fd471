# expect: wrong_output
# A list instead of a set: a random block that is also near, first or repeated counts twice.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_size, random_blocks):
    n, blocks = q.shape[2], len(random_blocks)
    position = torch.arange(n)
    out = torch.empty_like(q)
    for row, drawn in enumerate(random_blocks.tolist()):
        near = [b for b in (row - 1, row, row + 1) if 0 < b < blocks]
        tiles = [0, *near, *drawn] if row else range(blocks)
        keys = torch.cat([position[b * block_size : (b + 1) * block_size] for b in tiles])
        own = slice(row * block_size, (row + 1) * block_size)
        out[:, :, own] = F.scaled_dot_product_attention(q[:, :, own], k[:, :, keys], v[:, :, keys])
    return out

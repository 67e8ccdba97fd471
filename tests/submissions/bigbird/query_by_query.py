# expect: too_slow
# The right keys and no others, but a Python loop over single queries.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_size, random_blocks):
    n, blocks = q.shape[2], len(random_blocks)
    tile = torch.arange(blocks)
    tiles = (tile[:, None] - tile[None, :]).abs() <= 1
    tiles.scatter_(1, random_blocks, True)
    tiles[0] = True
    tiles[:, 0] = True
    position = torch.arange(n)
    out = torch.empty_like(q)
    for i in range(n):
        keys = position[tiles[i // block_size].repeat_interleave(block_size)[:n]]
        one = q[:, :, i : i + 1]
        out[:, :, i : i + 1] = F.scaled_dot_product_attention(one, k[:, :, keys], v[:, :, keys])
    return out

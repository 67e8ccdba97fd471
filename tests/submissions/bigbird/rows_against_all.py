# expect: too_slow
# Little memory, but every block of queries meets all keys.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_size, random_blocks):
    n, blocks = q.shape[2], len(random_blocks)
    tile = torch.arange(blocks)
    tiles = (tile[:, None] - tile[None, :]).abs() <= 1
    tiles.scatter_(1, random_blocks, True)
    tiles[0] = True
    tiles[:, 0] = True
    parts = []
    for row in range(blocks):
        seen = tiles[row].repeat_interleave(block_size)[:n]
        own = q[:, :, row * block_size : (row + 1) * block_size]
        mask = seen.expand(own.shape[2], n)
        parts.append(F.scaled_dot_product_attention(own, k, v, attn_mask=mask))
    return torch.cat(parts, dim=2)

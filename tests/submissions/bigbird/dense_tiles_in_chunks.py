# expect: passed
# A mask of tiles from scatter_, then row by row the tiles that are true.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_size, random_blocks):
    n, blocks = q.shape[2], len(random_blocks)
    tile = torch.arange(blocks)
    seen = (tile[:, None] - tile[None, :]).abs() <= 1
    seen.scatter_(1, random_blocks, True)
    seen[0] = True
    seen[:, 0] = True
    position = torch.arange(n)
    parts = []
    for row in range(blocks):
        keys = position[seen[row].repeat_interleave(block_size)[:n]]
        own = slice(row * block_size, (row + 1) * block_size)
        parts.append(F.scaled_dot_product_attention(q[:, :, own], k[:, :, keys], v[:, :, keys]))
    return torch.cat(parts, dim=2)

# expect: wrong_pairs
# Neighbours by rolling: the last block sees the first as its neighbour, and the first the last.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_size, random_blocks):
    n, blocks = q.shape[2], len(random_blocks)
    position = torch.arange(n)
    out = torch.empty_like(q)
    for row, drawn in enumerate(random_blocks.tolist()):
        near = {(row - 1) % blocks, row, (row + 1) % blocks}
        tiles = sorted({0, *near, *drawn} if row else near | set(drawn))
        keys = torch.cat([position[b * block_size : (b + 1) * block_size] for b in tiles])
        own = slice(row * block_size, (row + 1) * block_size)
        out[:, :, own] = F.scaled_dot_product_attention(q[:, :, own], k[:, :, keys], v[:, :, keys])
    return out

# expect: passed
# For every block of queries, the positions of the blocks that it sees, gathered by index.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_mask, block_size):
    n = q.shape[2]
    position = torch.arange(n)
    out = torch.empty_like(q)
    for row in range(len(block_mask)):
        keys = position[block_mask[row].repeat_interleave(block_size)[:n]]
        own = slice(row * block_size, (row + 1) * block_size)
        out[:, :, own] = F.scaled_dot_product_attention(q[:, :, own], k[:, :, keys], v[:, :, keys])
    return out

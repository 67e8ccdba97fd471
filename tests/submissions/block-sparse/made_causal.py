# expect: wrong_pairs
# Keys after the block of queries are left out, which this pattern does not ask for.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_mask, block_size):
    n = q.shape[2]
    position = torch.arange(n)
    out = torch.empty_like(q)
    for row in range(len(block_mask)):
        seen = block_mask[row] & (torch.arange(len(block_mask)) <= row)
        seen[row] |= ~seen.any()
        keys = position[seen.repeat_interleave(block_size)[:n]]
        own = slice(row * block_size, (row + 1) * block_size)
        out[:, :, own] = F.scaled_dot_product_attention(q[:, :, own], k[:, :, keys], v[:, :, keys])
    return out

# expect: wrong_pairs
# The diagonal is always computed, whether the mask has it or not.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_mask, block_size):
    n = q.shape[2]
    position = torch.arange(n)
    out = torch.empty_like(q)
    for row in range(len(block_mask)):
        seen = block_mask[row].clone()
        seen[row] = True
        keys = position[seen.repeat_interleave(block_size)[:n]]
        own = slice(row * block_size, (row + 1) * block_size)
        out[:, :, own] = F.scaled_dot_product_attention(q[:, :, own], k[:, :, keys], v[:, :, keys])
    return out

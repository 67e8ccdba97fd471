# expect: wrong_pairs
# `n // block_size` blocks: keys of a partial last block are never seen.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_mask, block_size):
    n = q.shape[2]
    position = torch.arange(n)
    out = torch.empty_like(q)
    for row in range(len(block_mask)):
        seen = block_mask[row].repeat_interleave(block_size)[:n]
        whole = position < max(n // block_size, 1) * block_size
        keys = position[seen & whole] if (seen & whole).any() else position[seen]
        own = slice(row * block_size, (row + 1) * block_size)
        out[:, :, own] = F.scaled_dot_product_attention(q[:, :, own], k[:, :, keys], v[:, :, keys])
    return out

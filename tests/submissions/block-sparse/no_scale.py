# expect: wrong_output
# The factor 1/sqrt(d) is forgotten.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_mask, block_size):
    n = q.shape[2]
    position = torch.arange(n)
    out = torch.empty_like(q)
    for row in range(len(block_mask)):
        keys = position[block_mask[row].repeat_interleave(block_size)[:n]]
        own = slice(row * block_size, (row + 1) * block_size)
        out[:, :, own] = F.scaled_dot_product_attention(
            q[:, :, own], k[:, :, keys], v[:, :, keys], scale=1.0
        )
    return out

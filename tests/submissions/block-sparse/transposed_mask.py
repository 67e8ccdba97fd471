# expect: wrong_pairs
# Rows and columns of the mask are mixed up; rows without any tile then see themselves.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_mask, block_size):
    n = q.shape[2]
    position = torch.arange(n)
    out = torch.empty_like(q)
    for row in range(len(block_mask)):
        column = block_mask[:, row].clone()
        column[row] |= ~column.any()
        keys = position[column.repeat_interleave(block_size)[:n]]
        own = slice(row * block_size, (row + 1) * block_size)
        out[:, :, own] = F.scaled_dot_product_attention(q[:, :, own], k[:, :, keys], v[:, :, keys])
    return out

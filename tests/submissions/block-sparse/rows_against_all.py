# expect: too_slow
# Little memory, but every block of queries meets all keys.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_mask, block_size):
    n = q.shape[2]
    parts = []
    for row in range(len(block_mask)):
        own = q[:, :, row * block_size : (row + 1) * block_size]
        seen = block_mask[row].repeat_interleave(block_size)[:n].expand(own.shape[2], n)
        parts.append(F.scaled_dot_product_attention(own, k, v, attn_mask=seen))
    return torch.cat(parts, dim=2)

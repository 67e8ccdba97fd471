# expect: too_slow
# Little memory, but every block of queries meets all keys.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    n, block = q.shape[2], 128
    parts = []
    for start in range(0, n, block):
        row = torch.arange(start, min(start + block, n))
        near = (row[:, None] - torch.arange(n)[None, :]).abs() <= window // 2
        parts.append(F.scaled_dot_product_attention(q[:, :, row], k, v, attn_mask=near))
    return torch.cat(parts, dim=2)

# expect: too_slow
# Little memory, but every block of queries meets all keys.
import torch
import torch.nn.functional as F


def attention(q, k, v, window, n_global):
    n, block = q.shape[2], 128
    parts = []
    for start in range(0, n, block):
        i = torch.arange(start, min(start + block, n))[:, None]
        j = torch.arange(n)[None, :]
        seen = ((i - j).abs() <= window // 2) | (i < n_global) | (j < n_global)
        parts.append(F.scaled_dot_product_attention(q[:, :, i[:, 0]], k, v, attn_mask=seen))
    return torch.cat(parts, dim=2)

# expect: wrong_pairs
# Sees the whole blocks beside its own, without a mask: edges are rounded to blocks.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    n, half = q.shape[2], window // 2
    block = max(1, half)
    parts = []
    for start in range(0, n, block):
        near = slice(max(0, start - half), min(start + block + half, n))
        parts.append(
            F.scaled_dot_product_attention(
                q[:, :, start : start + block], k[:, :, near], v[:, :, near]
            )
        )
    return torch.cat(parts, dim=2)

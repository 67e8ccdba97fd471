# expect: wrong_pairs
# Blocks that reach back one block only: right for small windows, keys are lost for wide ones.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    n, block = q.shape[2], 128
    parts = []
    for start in range(0, n, block):
        stop, first = min(start + block, n), max(0, start - block)
        distance = torch.arange(start, stop)[:, None] - torch.arange(first, stop)[None, :]
        seen = (distance >= 0) & (distance < window)
        parts.append(
            F.scaled_dot_product_attention(
                q[:, :, start:stop], k[:, :, first:stop], v[:, :, first:stop], attn_mask=seen
            )
        )
    return torch.cat(parts, dim=2)

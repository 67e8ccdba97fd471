# expect: too_slow
# Little memory, but every block of queries meets all keys up to its end.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    n, block = q.shape[2], 128
    parts = []
    for start in range(0, n, block):
        stop = min(start + block, n)
        i, j = torch.arange(start, stop)[:, None], torch.arange(stop)[None, :]
        seen = (j <= i) & ((j == 0) | (i - j <= 2))
        parts.append(
            F.scaled_dot_product_attention(
                q[:, :, start:stop], k[:, :, :stop], v[:, :, :stop], attn_mask=seen
            )
        )
    return torch.cat(parts, dim=2)

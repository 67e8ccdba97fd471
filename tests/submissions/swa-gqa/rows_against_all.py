# expect: too_slow
# Little memory, but every block of queries meets all keys up to its end.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    n, block = q.shape[2], 64
    out = torch.empty_like(q)
    for start in range(0, n, block):
        stop = min(start + block, n)
        distance = torch.arange(start, stop)[:, None] - torch.arange(stop)[None, :]
        seen = (distance >= 0) & (distance < window)
        out[:, :, start:stop] = F.scaled_dot_product_attention(
            q[:, :, start:stop], k[:, :, :stop], v[:, :, :stop], attn_mask=seen, enable_gqa=True
        )
    return out

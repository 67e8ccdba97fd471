# expect: too_slow
# Little memory, but every block of queries meets all keys up to its end.
import torch
import torch.nn.functional as F


def attention(q, k, v, stride):
    n, block = q.shape[2], 128
    parts = []
    for start in range(0, n, block):
        stop = min(start + block, n)
        distance = torch.arange(start, stop)[:, None] - torch.arange(stop)[None, :]
        seen = (distance >= 0) & (distance % stride == 0)
        parts.append(
            F.scaled_dot_product_attention(
                q[:, :, start:stop], k[:, :, :stop], v[:, :, :stop], attn_mask=seen
            )
        )
    return torch.cat(parts, dim=2)

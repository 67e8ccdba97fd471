# expect: wrong_output
# Right for all short inputs; at the sizes that are timed it takes a short cut.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    n, block = q.shape[2], 128
    parts = []
    for start in range(0, n, block):
        stop = min(start + block, n)
        first = max(0, start - (window - 1 if n < 4000 else window // 2))
        distance = torch.arange(start, stop)[:, None] - torch.arange(first, stop)[None, :]
        seen = (distance >= 0) & (distance < window)
        parts.append(
            F.scaled_dot_product_attention(
                q[:, :, start:stop], k[:, :, first:stop], v[:, :, first:stop], attn_mask=seen
            )
        )
    return torch.cat(parts, dim=2)

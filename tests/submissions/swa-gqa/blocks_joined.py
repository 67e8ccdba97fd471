# expect: passed
# Keeps all blocks in a list and joins them in the end: the result is there twice for a moment.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    groups = q.shape[1] // k.shape[1]
    n, block = q.shape[2], 128
    parts = []
    for start in range(0, n, block):
        stop, first = min(start + block, n), max(0, start - window + 1)
        distance = torch.arange(start, stop)[:, None] - torch.arange(first, stop)[None, :]
        seen = (distance >= 0) & (distance < window)
        keys, values = (x[:, :, first:stop].repeat_interleave(groups, dim=1) for x in (k, v))
        parts.append(
            F.scaled_dot_product_attention(q[:, :, start:stop], keys, values, attn_mask=seen)
        )
    return torch.cat(parts, dim=2)

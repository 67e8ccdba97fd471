# expect: too_much_memory
# Skips what the window does not see, but first repeats keys and values for every query head.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    groups = q.shape[1] // k.shape[1]
    k, v = k.repeat_interleave(groups, 1), v.repeat_interleave(groups, 1)
    n, block = q.shape[2], 128
    out = torch.empty_like(q)
    for start in range(0, n, block):
        stop, first = min(start + block, n), max(0, start - window + 1)
        distance = torch.arange(start, stop)[:, None] - torch.arange(first, stop)[None, :]
        seen = (distance >= 0) & (distance < window)
        out[:, :, start:stop] = F.scaled_dot_product_attention(
            q[:, :, start:stop], k[:, :, first:stop], v[:, :, first:stop], attn_mask=seen
        )
    return out

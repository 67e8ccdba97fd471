# expect: passed
# Only the slice of a block is repeated for its query heads, and gone after the block.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    groups = q.shape[1] // k.shape[1]
    n, block = q.shape[2], 128
    out = torch.empty_like(q)
    for start in range(0, n, block):
        stop, first = min(start + block, n), max(0, start - window + 1)
        distance = torch.arange(start, stop)[:, None] - torch.arange(first, stop)[None, :]
        seen = (distance >= 0) & (distance < window)
        keys, values = (x[:, :, first:stop].repeat_interleave(groups, dim=1) for x in (k, v))
        out[:, :, start:stop] = F.scaled_dot_product_attention(
            q[:, :, start:stop], keys, values, attn_mask=seen
        )
    return out

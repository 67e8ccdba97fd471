# expect: passed
# Blocks of queries against the first key and the keys just before the block.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    n, block = q.shape[2], 64
    parts = []
    for start in range(0, n, block):
        stop, first = min(start + block, n), max(1, start - 2)
        distance = torch.arange(start, stop)[:, None] - torch.arange(first, stop)[None, :]
        near = (distance >= 0) & (distance <= 2)
        seen = torch.cat([torch.ones(stop - start, 1, dtype=torch.bool), near], dim=1)
        keys, values = (torch.cat([x[:, :, :1], x[:, :, first:stop]], dim=2) for x in (k, v))
        parts.append(
            F.scaled_dot_product_attention(q[:, :, start:stop], keys, values, attn_mask=seen)
        )
    return torch.cat(parts, dim=2)

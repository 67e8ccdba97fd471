# expect: passed
# A dimension for the group: einsum meets each KV head with all of its query heads.
import math

import torch


def attention(q, k, v, window):
    batch, heads, n, d = q.shape
    kv_heads, block = k.shape[1], 64
    q = q.view(batch, kv_heads, heads // kv_heads, n, d)
    out = torch.empty_like(q)
    for start in range(0, n, block):
        stop, first = min(start + block, n), max(0, start - window + 1)
        distance = torch.arange(start, stop)[:, None] - torch.arange(first, stop)[None, :]
        hidden = (distance < 0) | (distance >= window)
        scores = torch.einsum("bkgid,bkjd->bkgij", q[..., start:stop, :], k[:, :, first:stop])
        weights = (scores / math.sqrt(d)).masked_fill(hidden, -math.inf).softmax(-1)
        out[..., start:stop, :] = torch.einsum("bkgij,bkjd->bkgid", weights, v[:, :, first:stop])
    return out.view(batch, heads, n, d)

# expect: wrong_output
# Multi-query attention: all query heads use the first KV head.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    n, groups = q.shape[2], q.shape[1] // k.shape[1]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    del groups
    seen = (distance >= 0) & (distance < window)
    k, v = (x[:, :1].expand(-1, q.shape[1], -1, -1) for x in (k, v))
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

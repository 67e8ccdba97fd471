# expect: wrong_output
# `repeat` where `repeat_interleave` is meant: query head h uses KV head h % kv_heads.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    n, groups = q.shape[2], q.shape[1] // k.shape[1]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    seen = (distance >= 0) & (distance < window)
    k, v = k.repeat(1, groups, 1, 1), v.repeat(1, groups, 1, 1)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

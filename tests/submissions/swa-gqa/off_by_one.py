# expect: wrong_pairs
# The window is one key too wide.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    n, groups = q.shape[2], q.shape[1] // k.shape[1]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    seen = (distance >= 0) & (distance <= window)
    k, v = k.repeat_interleave(groups, 1), v.repeat_interleave(groups, 1)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

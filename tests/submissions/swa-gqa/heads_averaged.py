# expect: wrong_output
# Query heads of a group are averaged instead of sharing keys and values.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    n, groups = q.shape[2], q.shape[1] // k.shape[1]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    seen = (distance >= 0) & (distance < window)
    mean = q.view(q.shape[0], -1, groups, *q.shape[2:]).mean(2)
    out = F.scaled_dot_product_attention(mean, k, v, attn_mask=seen)
    return out.repeat_interleave(groups, 1)

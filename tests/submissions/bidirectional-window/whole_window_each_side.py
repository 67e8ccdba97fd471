# expect: wrong_pairs
# `window` keys to either side instead of half of them.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    n = q.shape[2]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    return F.scaled_dot_product_attention(q, k, v, attn_mask=distance.abs() <= window)

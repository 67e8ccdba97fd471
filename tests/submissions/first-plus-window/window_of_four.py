# expect: wrong_pairs
# `i - j <= 3` where `<= 2` is meant.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    n = q.shape[2]
    i, j = torch.arange(n)[:, None], torch.arange(n)[None, :]
    return F.scaled_dot_product_attention(q, k, v, attn_mask=(j <= i) & ((j == 0) | (i - j <= 3)))

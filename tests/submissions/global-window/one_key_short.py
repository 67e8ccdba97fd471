# expect: wrong_pairs
# `<` where `<=` is meant: the window loses a key on either side.
import torch
import torch.nn.functional as F


def attention(q, k, v, window, n_global):
    n = q.shape[2]
    i, j = torch.arange(n)[:, None], torch.arange(n)[None, :]
    seen = ((i - j).abs() < window // 2) | (i == j) | (i < n_global) | (j < n_global)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

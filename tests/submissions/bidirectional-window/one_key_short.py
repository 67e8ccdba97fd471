# expect: wrong_pairs
# `<` where `<=` is meant: one key is lost on either side.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    n = q.shape[2]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    half = window // 2
    seen = (distance.abs() < half) | (distance == 0)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

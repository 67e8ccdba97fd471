# expect: wrong_pairs
# `range(i - half, i + half)`: the last key on the right is left out.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    n = q.shape[2]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    half = window // 2
    seen = ((distance <= half) & (distance > -half)) | (distance == 0)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

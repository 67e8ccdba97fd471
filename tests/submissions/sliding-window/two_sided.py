# expect: wrong_pairs
# The window looks into the future too.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    n = q.shape[2]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    return F.scaled_dot_product_attention(q, k, v, attn_mask=distance.abs() < window)

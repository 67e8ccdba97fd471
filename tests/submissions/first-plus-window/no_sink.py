# expect: wrong_pairs
# A window of three without the first key.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    n = q.shape[2]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    return F.scaled_dot_product_attention(q, k, v, attn_mask=(distance >= 0) & (distance <= 2))

# expect: wrong_pairs
# Counts positions from 0 instead of distances from the query: sees 0, s, 2s and so on.
import torch
import torch.nn.functional as F


def attention(q, k, v, stride):
    n = q.shape[2]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    seen = (distance >= 0) & ((torch.arange(n)[None, :] % stride == 0) | (distance == 0))
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

# expect: wrong_pairs
# Causal, as in a decoder: the future half of the window is not seen.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    n = q.shape[2]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    seen = (distance >= 0) & (distance <= window // 2)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

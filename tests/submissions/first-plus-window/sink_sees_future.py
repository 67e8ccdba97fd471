# expect: wrong_pairs
# The mask is turned: the first query sees every key.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    n = q.shape[2]
    i, j = torch.arange(n)[:, None], torch.arange(n)[None, :]
    seen = (i == 0) | ((j <= i) & (i - j <= 2))
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

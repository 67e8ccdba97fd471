# expect: wrong_pairs
# The last global position is not global.
import torch
import torch.nn.functional as F


def attention(q, k, v, window, n_global):
    n = q.shape[2]
    i, j = torch.arange(n)[:, None], torch.arange(n)[None, :]
    seen = ((i - j).abs() <= window // 2) | (i < n_global - 1) | (j < n_global - 1)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

# expect: too_much_memory
# Right pairs by a dense mask.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    n = q.shape[2]
    i, j = torch.arange(n)[:, None], torch.arange(n)[None, :]
    return F.scaled_dot_product_attention(q, k, v, attn_mask=(j <= i) & ((j == 0) | (i - j <= 2)))

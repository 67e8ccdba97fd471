# expect: too_much_memory
# Right pairs by a dense mask: everything is computed, then hidden.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    n = q.shape[2]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    return F.scaled_dot_product_attention(q, k, v, attn_mask=distance.abs() <= window // 2)

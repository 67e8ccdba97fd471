# expect: too_much_memory
# Right pairs by a dense mask: everything is computed, then hidden.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    n, groups = q.shape[2], q.shape[1] // k.shape[1]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    del groups
    seen = (distance >= 0) & (distance < window)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen, enable_gqa=True)

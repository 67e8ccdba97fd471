# expect: wrong_output
# A reshape where a transpose is needed: heads and positions mix, for more than one head.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    batch, heads, n, d = q.shape
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    seen = (distance >= 0) & (distance < window)
    out = F.scaled_dot_product_attention(q, k, v, attn_mask=seen)
    return out.transpose(1, 2).reshape(batch, heads, n, d)

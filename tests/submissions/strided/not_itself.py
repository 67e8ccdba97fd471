# expect: wrong_pairs
# Starts one stride back: a query that has an earlier key does not see itself.
import torch
import torch.nn.functional as F


def attention(q, k, v, stride):
    n = q.shape[2]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    seen = (distance > 0) & (distance % stride == 0)
    seen |= ~seen.any(-1, keepdim=True) & (distance == 0)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

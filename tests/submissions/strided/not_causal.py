# expect: wrong_pairs
# The future is seen too.
import torch
import torch.nn.functional as F


def attention(q, k, v, stride):
    n = q.shape[2]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    return F.scaled_dot_product_attention(q, k, v, attn_mask=distance % stride == 0)

# expect: too_much_memory
# Right pairs by a dense mask.
import torch
import torch.nn.functional as F


def attention(q, k, v, stride):
    n = q.shape[2]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    seen = (distance >= 0) & (distance % stride == 0)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

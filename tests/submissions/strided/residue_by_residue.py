# expect: passed
# One causal attention for every residue, in a loop.
import torch
import torch.nn.functional as F


def attention(q, k, v, stride):
    out = torch.empty_like(q)
    for r in range(min(stride, q.shape[2])):
        own = slice(r, None, stride)
        out[:, :, own] = F.scaled_dot_product_attention(
            q[:, :, own], k[:, :, own], v[:, :, own], is_causal=True
        )
    return out

# expect: crashed
# Refuses short sequences, which are legal.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    n = q.shape[2]
    if n < 6:
        raise ValueError(f"n = {n} is too short")
    band = torch.ones(n, n, dtype=torch.bool).tril() & torch.ones(n, n, dtype=torch.bool).triu(-2)
    band[:, 0] = True
    return F.scaled_dot_product_attention(q, k, v, attn_mask=band)

# expect: wrong_output
# Divides by d instead of by its root.
import torch.nn.functional as F


def attention(q, k, v):
    return F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=1.0 / q.shape[-1])

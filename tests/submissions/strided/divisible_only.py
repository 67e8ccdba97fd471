# expect: crashed
# Assumes that the stride divides n.
import torch.nn.functional as F


def attention(q, k, v, stride):
    batch, heads, n, d = q.shape
    columns = (x.view(batch * heads, n // stride, stride, d).transpose(1, 2) for x in (q, k, v))
    out = F.scaled_dot_product_attention(*columns, is_causal=True)
    return out.transpose(1, 2).reshape(batch, heads, n, d)

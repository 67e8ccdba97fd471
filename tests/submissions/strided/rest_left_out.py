# expect: wrong_pairs
# Where the stride does not divide n, the last queries are left as zeros.
import torch
import torch.nn.functional as F


def attention(q, k, v, stride):
    batch, heads, n, d = q.shape
    stride = min(stride, n)
    whole = n // stride * stride
    columns = (
        x[:, :, :whole].reshape(batch * heads, -1, stride, d).transpose(1, 2) for x in (q, k, v)
    )
    out = torch.zeros_like(q)
    attended = F.scaled_dot_product_attention(*columns, is_causal=True)
    out[:, :, :whole] = attended.transpose(1, 2).reshape(batch, heads, whole, d)
    return out

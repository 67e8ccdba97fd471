# expect: passed
# Padded to a whole grid of rows of one stride; the columns are the heads of one causal attention.
import torch.nn.functional as F


def attention(q, k, v, stride):
    batch, heads, n, d = q.shape
    stride = min(stride, n)
    rows = -(-n // stride)

    def columns(x):
        x = F.pad(x, (0, 0, 0, rows * stride - n)).view(batch * heads, rows, stride, d)
        return x.transpose(1, 2).contiguous()

    out = F.scaled_dot_product_attention(columns(q), columns(k), columns(v), is_causal=True)
    return out.transpose(1, 2).reshape(batch, heads, rows * stride, d)[:, :, :n]

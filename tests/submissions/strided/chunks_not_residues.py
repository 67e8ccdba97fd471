# expect: wrong_pairs
# Splits the sequence into `stride` pieces of neighbours instead of into residues.
import torch.nn.functional as F


def attention(q, k, v, stride):
    batch, heads, n, d = q.shape
    stride = min(stride, n)
    length = -(-n // stride)
    pieces = (
        F.pad(x, (0, 0, 0, length * stride - n)).view(batch * heads, stride, length, d)
        for x in (q, k, v)
    )
    out = F.scaled_dot_product_attention(*pieces, is_causal=True)
    return out.view(batch, heads, -1, d)[:, :, :n]

# expect: crashed
# Assumes that n is a multiple of 64.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    batch, heads, n, d = q.shape
    q, k, v = (x.view(batch, heads, n // 64, 64, d) for x in (F.elu(q) + 1, F.elu(k) + 1, v))
    sums = (k.transpose(-1, -2) @ v).cumsum(2)
    return (q @ sums).view(batch, heads, n, d)

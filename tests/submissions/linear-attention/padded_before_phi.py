# expect: wrong_output
# Pads the front with zeros before the feature map: phi(0) is 1, so padding weighs something.
import math

import torch
import torch.nn.functional as F


def attention(q, k, v):
    batch, heads, n, d = q.shape
    m = math.ceil(n / 64)
    q, k, v = (F.pad(x, (0, 0, m * 64 - n, 0)).view(batch, heads, m, 64, d) for x in (q, k, v))
    q, k, v = F.elu(q) + 1, F.elu(k) + 1, F.pad(v, (0, 1), value=1.0)
    sums = k.transpose(-1, -2) @ v
    both = (q @ k.transpose(-1, -2)).tril() @ v + q @ (sums.cumsum(2) - sums)
    both = both.reshape(batch, heads, m * 64, d + 1)[:, :, m * 64 - n :]
    return both[..., :-1] / both[..., -1:]

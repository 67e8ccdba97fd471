# expect: wrong_output
# The factor 1/sqrt(d) is forgotten.
import math

import torch


def attention(q, k, v, window):
    n, groups = q.shape[2], q.shape[1] // k.shape[1]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    hidden = (distance < 0) | (distance >= window)
    k, v = k.repeat_interleave(groups, 1), v.repeat_interleave(groups, 1)
    return (q @ k.transpose(-1, -2)).masked_fill(hidden, -math.inf).softmax(-1) @ v

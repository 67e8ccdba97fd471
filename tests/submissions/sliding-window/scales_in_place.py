# expect: forbidden
# Scales its input in place.
import math

import torch


def attention(q, k, v, window):
    n = q.shape[2]
    q /= math.sqrt(q.shape[-1])
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    hidden = (distance < 0) | (distance >= window)
    return (q @ k.transpose(-1, -2)).masked_fill(hidden, -math.inf).softmax(-1) @ v

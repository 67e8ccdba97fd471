# expect: wrong_output
# A softmax without subtracting the row's maximum: overflows when scores are large.
import math

import torch


def attention(q, k, v, window):
    n = q.shape[2]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    hidden = (distance < 0) | (distance >= window)
    weights = (q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])).masked_fill(hidden, -math.inf).exp()
    return weights / weights.sum(-1, keepdim=True) @ v

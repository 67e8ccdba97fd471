# expect: wrong_output
# The factor 1/sqrt(d) is forgotten.
import math

import torch


def attention(q, k, v, window):
    n = q.shape[2]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    scores = (q @ k.transpose(-1, -2)).masked_fill(distance.abs() > window // 2, -math.inf)
    return scores.softmax(-1) @ v

# expect: wrong_output
# The softmax runs over queries instead of keys.
import math

import torch


def attention(q, k, v):
    n = q.shape[2]
    future = torch.ones(n, n, dtype=torch.bool).triu(1)
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return scores.masked_fill(future, -math.inf).softmax(-2) @ v

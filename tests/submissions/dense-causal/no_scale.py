# expect: wrong_output
# The factor 1/sqrt(d) is forgotten.
import math

import torch


def attention(q, k, v):
    n = q.shape[2]
    future = torch.ones(n, n, dtype=torch.bool).triu(1)
    return (q @ k.transpose(-1, -2)).masked_fill(future, -math.inf).softmax(-1) @ v

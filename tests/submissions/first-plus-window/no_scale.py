# expect: wrong_output
# The factor 1/sqrt(d) is forgotten.
import math

import torch


def attention(q, k, v):
    n = q.shape[2]
    i, j = torch.arange(n)[:, None], torch.arange(n)[None, :]
    hidden = (j > i) | ((j > 0) & (i - j > 2))
    return (q @ k.transpose(-1, -2)).masked_fill(hidden, -math.inf).softmax(-1) @ v

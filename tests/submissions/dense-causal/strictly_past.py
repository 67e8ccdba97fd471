# expect: wrong_pairs
# A query does not see itself.
import math

import torch


def attention(q, k, v):
    n = q.shape[2]
    hidden = torch.ones(n, n, dtype=torch.bool).triu(0)
    hidden[0, 0] = False
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return scores.masked_fill(hidden, -math.inf).softmax(-1) @ v

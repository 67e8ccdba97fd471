# expect: too_much_memory
# The whole matrix of scores at once.
import math

import torch


def attention(q, k, v):
    n, d = q.shape[2:]
    scores = q @ k.transpose(-1, -2) / math.sqrt(d)
    return scores.masked_fill(torch.ones(n, n).triu(1).bool(), -math.inf).softmax(-1) @ v

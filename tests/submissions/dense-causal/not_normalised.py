# expect: wrong_output
# exp() without dividing by the sum.
import math

import torch


def attention(q, k, v):
    n = q.shape[2]
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return scores.exp().tril() @ v

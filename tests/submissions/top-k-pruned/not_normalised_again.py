# expect: wrong_output
# The softmax runs over all keys and the small weights are dropped: rows no longer sum to one.
import math

import torch


def attention(q, k, v, top_k):
    weights = (q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])).softmax(-1)
    best = weights.topk(top_k, dim=-1)
    return torch.zeros_like(weights).scatter_(-1, best.indices, best.values) @ v

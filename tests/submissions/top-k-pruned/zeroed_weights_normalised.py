# expect: passed
# The softmax over all keys first; the kept weights are divided by their own sum.
import math

import torch


def attention(q, k, v, top_k):
    scores = (q @ k.transpose(-1, -2)).double() / math.sqrt(q.shape[-1])
    best = scores.topk(top_k, dim=-1)
    weights = torch.zeros_like(scores)
    # The best score is the row's maximum, so its weight is never lost to underflow.
    kept = (best.values - best.values[..., :1]).exp()
    weights.scatter_(-1, best.indices, kept / kept.sum(-1, keepdim=True))
    return weights.float() @ v

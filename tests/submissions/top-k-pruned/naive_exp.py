# expect: wrong_output
# A softmax without subtracting the row's maximum: overflows when scores are large.
import math

import torch


def attention(q, k, v, top_k):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    border = scores.topk(top_k, dim=-1).values[..., -1:]
    weights = scores.masked_fill(scores < border, -math.inf).exp()
    return weights / weights.sum(-1, keepdim=True) @ v

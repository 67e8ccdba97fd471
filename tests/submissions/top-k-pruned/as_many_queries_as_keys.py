# expect: crashed
# Assumes as many queries as keys.
import math

import torch


def attention(q, k, v, top_k):
    batch, heads, n, d = q.shape
    scores = torch.empty(batch, heads, n, n)
    scores[:] = q @ k.transpose(-1, -2) / math.sqrt(d)
    border = scores.topk(top_k, dim=-1).values[..., -1:]
    return scores.masked_fill(scores < border, -math.inf).softmax(-1) @ v

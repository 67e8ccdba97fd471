# expect: wrong_pairs
# Chooses the keys by scores in bfloat16, where neighbours are equal or swapped.
import math

import torch


def attention(q, k, v, top_k):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    best = scores.bfloat16().topk(top_k, dim=-1).indices
    hidden = torch.ones_like(scores, dtype=torch.bool).scatter_(-1, best, False)
    return scores.masked_fill(hidden, -math.inf).softmax(-1) @ v

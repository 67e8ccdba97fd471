# expect: wrong_pairs
# Keeps only what is above the last score that counts: one key too few.
import math

import torch


def attention(q, k, v, top_k):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    border = scores.topk(top_k, dim=-1).values[..., -1:]
    hidden = (scores <= border) & (scores < scores.amax(-1, keepdim=True))
    return scores.masked_fill(hidden, -math.inf).softmax(-1) @ v

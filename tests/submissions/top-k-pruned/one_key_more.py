# expect: wrong_pairs
# Keeps what is at least the score after the last that counts: one key too many.
import math

import torch


def attention(q, k, v, top_k):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    ordered = scores.sort(dim=-1, descending=True).values
    border = ordered[..., min(top_k, scores.shape[-1] - 1), None]
    return scores.masked_fill(scores < border, -math.inf).softmax(-1) @ v

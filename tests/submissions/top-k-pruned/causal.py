# expect: wrong_pairs
# Made causal, which this attention is not.
import math

import torch


def attention(q, k, v, top_k):
    m, n = q.shape[2], k.shape[2]
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    future = torch.arange(n)[None, :] > torch.arange(m)[:, None]
    scores = scores.masked_fill(future, -math.inf)
    border = scores.topk(top_k, dim=-1).values[..., -1:]
    return scores.masked_fill(scores < border, -math.inf).softmax(-1) @ v

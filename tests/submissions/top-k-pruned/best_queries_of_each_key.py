# expect: wrong_pairs
# Sorts along the wrong axis: each key keeps its best queries. With few queries it keeps all.
import math

import torch


def attention(q, k, v, top_k):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    border = scores.topk(min(top_k, q.shape[2]), dim=-2).values[..., -1:, :]
    kept = scores >= border
    kept |= ~kept.any(-1, keepdim=True)
    return scores.masked_fill(~kept, -math.inf).softmax(-1) @ v

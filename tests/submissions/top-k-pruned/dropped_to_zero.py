# expect: wrong_pairs
# Dropped scores are set to zero instead of minus infinity: they keep their weight.
import math

import torch


def attention(q, k, v, top_k):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    border = scores.topk(top_k, dim=-1).values[..., -1:]
    return (scores * (scores >= border)).softmax(-1) @ v

# expect: wrong_output
# The keys are chosen once for all heads, by their mean score: right for a single head.
import math

import torch


def attention(q, k, v, top_k):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    mean = scores.mean(dim=(0, 1), keepdim=True)
    border = mean.topk(top_k, dim=-1).values[..., -1:]
    return scores.masked_fill(mean < border, -math.inf).softmax(-1) @ v

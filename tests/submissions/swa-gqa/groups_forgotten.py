# expect: crashed
# Takes it that there are as many KV heads as query heads.
import math

import torch


def attention(q, k, v, window):
    n, groups = q.shape[2], q.shape[1] // k.shape[1]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    del groups
    hidden = (distance < 0) | (distance >= window)
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return scores.masked_fill(hidden, -math.inf).softmax(-1) @ v

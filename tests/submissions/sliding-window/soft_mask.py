# expect: wrong_output
# Hidden scores are lowered by 10 instead of being removed: a trace of them is left.
import math

import torch


def attention(q, k, v, window):
    n = q.shape[2]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    hidden = (distance < 0) | (distance >= window)
    return (q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]) - 10.0 * hidden).softmax(-1) @ v

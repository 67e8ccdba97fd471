# expect: wrong_pairs
# The window is one key too wide: `<=` where `<` is meant.
import math

import torch


def attention(q, k, v, window):
    n = q.shape[2]
    i, j = torch.arange(n)[:, None], torch.arange(n)[None, :]
    seen = (j <= i) & (i - j <= window)
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return scores.masked_fill(~seen, -math.inf).softmax(-1) @ v

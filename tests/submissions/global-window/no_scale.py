# expect: wrong_output
# The factor 1/sqrt(d) is forgotten.
import math

import torch


def attention(q, k, v, window, n_global):
    n = q.shape[2]
    i, j = torch.arange(n)[:, None], torch.arange(n)[None, :]
    seen = ((i - j).abs() <= window // 2) | (i < n_global) | (j < n_global)
    return (q @ k.transpose(-1, -2)).masked_fill(~seen, -math.inf).softmax(-1) @ v

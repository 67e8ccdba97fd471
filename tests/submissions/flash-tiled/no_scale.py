# expect: wrong_output
# The factor 1/sqrt(d) is forgotten.
import math

import torch


def attention(q, k, v):
    n = q.shape[2]
    parts = []
    for start in range(0, n, 64):
        stop = min(start + 64, n)
        scores = q[:, :, start:stop] @ k[:, :, :stop].transpose(-1, -2)
        future = torch.arange(stop)[None, :] > torch.arange(start, stop)[:, None]
        parts.append(scores.masked_fill(future, -math.inf).softmax(-1) @ v[:, :, :stop])
    return torch.cat(parts, dim=2)

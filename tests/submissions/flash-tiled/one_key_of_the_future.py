# expect: wrong_pairs
# The diagonal tile is masked one place too late.
import math

import torch


def attention(q, k, v):
    n, d = q.shape[2:]
    parts = []
    for start in range(0, n, 64):
        stop = min(start + 64, n)
        i, j = torch.arange(start, stop)[:, None], torch.arange(stop)[None, :]
        scores = q[:, :, start:stop] @ k[:, :, :stop].transpose(-1, -2) / math.sqrt(d)
        parts.append(scores.masked_fill(j > i + 1, -math.inf).softmax(-1) @ v[:, :, :stop])
    return torch.cat(parts, dim=2)

# expect: wrong_pairs
# `j < i` where `j <= i` is meant: no query but the first sees itself.
import math

import torch


def attention(q, k, v):
    n, d = q.shape[2:]
    parts = []
    for start in range(0, n, 64):
        stop = min(start + 64, n)
        i, j = torch.arange(start, stop)[:, None], torch.arange(stop)[None, :]
        scores = q[:, :, start:stop] @ k[:, :, :stop].transpose(-1, -2) / math.sqrt(d)
        hidden = (j >= i) & (i > 0)
        parts.append(scores.masked_fill(hidden | (j > i), -math.inf).softmax(-1) @ v[:, :, :stop])
    return torch.cat(parts, dim=2)

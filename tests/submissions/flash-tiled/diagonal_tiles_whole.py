# expect: wrong_pairs
# Causal among tiles only: inside the diagonal tile the future is seen.
import math

import torch


def attention(q, k, v):
    n, d = q.shape[2:]
    parts = []
    for start in range(0, n, 16):
        stop = min(start + 16, n)
        scores = q[:, :, start:stop] @ k[:, :, :stop].transpose(-1, -2) / math.sqrt(d)
        parts.append(scores.softmax(-1) @ v[:, :, :stop])
    return torch.cat(parts, dim=2)

# expect: wrong_pairs
# The number of blocks is rounded down: queries past the last whole block stay zero.
import math

import torch


def attention(q, k, v):
    n, d = q.shape[2:]
    out = torch.zeros_like(q)
    for block in range(n // 64):
        start, stop = block * 64, block * 64 + 64
        scores = q[:, :, start:stop] @ k[:, :, :stop].transpose(-1, -2) / math.sqrt(d)
        future = torch.arange(stop)[None, :] > torch.arange(start, stop)[:, None]
        out[:, :, start:stop] = scores.masked_fill(future, -math.inf).softmax(-1) @ v[:, :, :stop]
    return out

# expect: passed
# Blocks of queries meet all their keys at once: no online softmax, and memory is linear still.
import math

import torch


def attention(q, k, v):
    n, d = q.shape[2:]
    out = torch.empty_like(q)
    for start in range(0, n, 64):
        stop = min(start + 64, n)
        scores = q[:, :, start:stop] @ k[:, :, :stop].transpose(-1, -2) / math.sqrt(d)
        future = torch.arange(stop)[None, :] > torch.arange(start, stop)[:, None]
        out[:, :, start:stop] = scores.masked_fill_(future, -math.inf).softmax(-1) @ v[:, :, :stop]
    return out

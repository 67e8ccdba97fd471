# expect: wrong_output
# Tiles of keys merged by an online softmax that never shrinks what it has.
import math

import torch


def attention(q, k, v):
    n, d = q.shape[2:]
    top = torch.full((*q.shape[:-1], 1), -math.inf)
    total, out = torch.zeros_like(top), torch.zeros_like(q)
    for start in range(0, n, 64):
        stop = min(start + 64, n)
        scores = q @ k[:, :, start:stop].transpose(-1, -2) / math.sqrt(d)
        future = torch.arange(start, stop)[None, :] > torch.arange(n)[:, None]
        scores = scores.masked_fill(future, -math.inf)
        top = torch.maximum(top, scores.amax(-1, keepdim=True))
        weights = (scores - top).exp()
        total = total + weights.sum(-1, keepdim=True)
        out = out + weights @ v[:, :, start:stop]
    return out / total

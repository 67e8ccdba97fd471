# expect: wrong_output
# Tiles of the future are made too, and come first: where all is hidden, exp(-inf + inf) is NaN.
import math

import torch


def attention(q, k, v):
    n, d = q.shape[2:]
    out = torch.empty_like(q)
    for start in range(0, n, 16):
        i = torch.arange(start, min(start + 16, n))[:, None]
        rows = q[:, :, i[:, 0]] / math.sqrt(d)
        m = torch.full((*rows.shape[:3], 1), -math.inf)
        total, acc = torch.zeros_like(m), torch.zeros_like(rows)
        for first in reversed(range(0, n, 16)):
            j = torch.arange(first, min(first + 16, n))[None, :]
            s = (rows @ k[:, :, j[0]].transpose(-1, -2)).masked_fill(j > i, -math.inf)
            high = torch.maximum(m, s.amax(-1, keepdim=True))
            p, fade = (s - high).exp(), (m - high).exp()
            total, acc, m = (
                total * fade + p.sum(-1, keepdim=True),
                acc * fade + p @ v[:, :, j[0]],
                high,
            )
        out[:, :, i[:, 0]] = acc / total
    return out

# expect: too_slow
# Right and in little memory, but in float64, and tiles of the future are made and then hidden.
import math

import torch


def attention(q, k, v):
    n, d = q.shape[2:]
    out = torch.empty_like(q)
    q, k, v = q.double() / math.sqrt(d), k.double(), v.double()
    for start in range(0, n, 128):
        i = torch.arange(start, min(start + 128, n))[:, None]
        m = torch.full((*q.shape[:2], len(i), 1), -math.inf, dtype=torch.float64)
        total, acc = torch.zeros_like(m), torch.zeros(*q.shape[:2], len(i), d, dtype=torch.float64)
        for first in range(0, n, 128):
            j = torch.arange(first, min(first + 128, n))[None, :]
            s = (q[:, :, i[:, 0]] @ k[:, :, j[0]].transpose(-1, -2)).masked_fill(j > i, -math.inf)
            high = torch.maximum(m, s.amax(-1, keepdim=True))
            p, fade = (s - high).exp(), (m - high).exp()
            total, acc, m = (
                total * fade + p.sum(-1, keepdim=True),
                acc * fade + p @ v[:, :, j[0]],
                high,
            )
        out[:, :, i[:, 0]] = (acc / total).float()
    return out

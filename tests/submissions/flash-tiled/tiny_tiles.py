# expect: too_slow
# Right, in tiles of 28 × 28: the time goes into Python and into starting operations.
import math

import torch

TILE = 28


def attention(q, k, v):
    n, d = q.shape[2:]
    out = torch.empty_like(q)
    for start in range(0, n, TILE):
        stop = min(start + TILE, n)
        rows = q[:, :, start:stop] / math.sqrt(d)
        m = torch.full((*rows.shape[:3], 1), -math.inf)
        total, acc = torch.zeros_like(m), torch.zeros_like(rows)
        for first in range(0, stop, TILE):
            last = min(first + TILE, stop)
            s = rows @ k[:, :, first:last].transpose(-1, -2)
            if first == start:
                s = s.masked_fill(torch.ones(stop - start, last - first).triu(1).bool(), -math.inf)
            high = torch.maximum(m, s.amax(-1, keepdim=True))
            p, fade = (s - high).exp(), (m - high).exp()
            total, acc, m = (
                total * fade + p.sum(-1, keepdim=True),
                acc * fade + p @ v[:, :, first:last],
                high,
            )
        out[:, :, start:stop] = acc / total
    return out

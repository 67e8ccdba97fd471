# expect: wrong_output
# Tiles are softmaxed each by itself, and their results are averaged.
import math

import torch


def attention(q, k, v):
    n, d = q.shape[2:]
    out = torch.zeros_like(q)
    for start in range(0, n, 16):
        stop = min(start + 16, n)
        tiles = range(0, stop, 16)
        for first in tiles:
            last = min(first + 16, stop)
            s = q[:, :, start:stop] @ k[:, :, first:last].transpose(-1, -2) / math.sqrt(d)
            if first == start:
                s = s.masked_fill(torch.ones(stop - start, last - first).triu(1).bool(), -math.inf)
            out[:, :, start:stop] += s.softmax(-1) @ v[:, :, first:last] / len(tiles)
    return out

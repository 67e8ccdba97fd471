# expect: passed
# Head by head in numpy, each with the KV head of its group.
import math

import numpy as np
import torch


def attention(q, k, v, window):
    q, k, v = q.numpy(), k.numpy(), v.numpy()
    heads, n, d = q.shape[1:]
    groups = heads // k.shape[1]
    out = np.empty_like(q)
    for h in range(heads):
        keys, values = k[:, h // groups], v[:, h // groups]
        for start in range(0, n, 64):
            stop, first = min(start + 64, n), max(0, start - window + 1)
            scores = q[:, h, start:stop] @ keys[:, first:stop].swapaxes(-1, -2)
            scores = scores / np.float32(math.sqrt(d))
            distance = np.arange(start, stop)[:, None] - np.arange(first, stop)[None, :]
            scores = np.where((distance >= 0) & (distance < window), scores, np.float32(-np.inf))
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            out[:, h, start:stop] = scores / scores.sum(-1, keepdims=True) @ values[:, first:stop]
    return torch.from_numpy(out)

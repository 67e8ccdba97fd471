# expect: passed
# Block by block in numpy, softmax written out.
import math

import numpy as np
import torch


def attention(q, k, v, window):
    q, k, v = q.numpy(), k.numpy(), v.numpy()
    n, d = q.shape[2:]
    half = window // 2
    out = np.empty_like(q)
    for start in range(0, n, 64):
        stop = min(start + 64, n)
        first, last = max(0, start - half), min(n, stop + half)
        keys = k[:, :, first:last].swapaxes(-1, -2)
        scores = q[:, :, start:stop] @ keys / np.float32(math.sqrt(d))
        distance = np.arange(start, stop)[:, None] - np.arange(first, last)[None, :]
        scores = np.where(np.abs(distance) <= half, scores, np.float32(-np.inf))
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        out[:, :, start:stop] = scores / scores.sum(-1, keepdims=True) @ v[:, :, first:last]
    return torch.from_numpy(out)

# expect: too_slow
# Linear work, but a Python loop over single queries.
import math

import torch


def attention(q, k, v):
    n, d = q.shape[2:]
    rows = []
    for i in range(n):
        keys = sorted({0, max(0, i - 2), max(0, i - 1), i})
        scores = q[:, :, i : i + 1] @ k[:, :, keys].transpose(-1, -2) / math.sqrt(d)
        rows.append(scores.softmax(-1) @ v[:, :, keys])
    return torch.cat(rows, dim=2)

# expect: too_slow
# The right keys and no others, but looked up among all positions, one query after the other.
import math

import torch


def attention(q, k, v, window):
    n, d = q.shape[2:]
    position = torch.arange(n)
    out = torch.empty_like(q)
    for i in range(n):
        near = ((position - i).abs() <= window // 2).nonzero().flatten()
        scores = q[:, :, i : i + 1] @ k[:, :, near].transpose(-1, -2) / math.sqrt(d)
        out[:, :, i : i + 1] = scores.softmax(-1) @ v[:, :, near]
    return out

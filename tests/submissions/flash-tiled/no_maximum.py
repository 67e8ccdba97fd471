# expect: wrong_output
# Sums up exp(score) without any maximum: overflows, or vanishes, when scores are large.
import math

import torch


def attention(q, k, v):
    n, d = q.shape[2:]
    total, acc = torch.zeros(*q.shape[:3], 1), torch.zeros_like(q)
    for start in range(0, n, 128):
        stop = min(start + 128, n)
        weights = (
            (q[:, :, start:] @ k[:, :, start:stop].transpose(-1, -2) / math.sqrt(d)).exp().tril()
        )
        total[:, :, start:] += weights.sum(-1, keepdim=True)
        acc[:, :, start:] += weights @ v[:, :, start:stop]
    return acc / total

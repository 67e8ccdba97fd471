# expect: too_slow
# Little memory, but every block of queries meets all keys before it.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    q, k = F.elu(q) + 1, F.elu(k) + 1
    parts = []
    for start in range(0, q.shape[2], 128):
        stop = min(start + 128, q.shape[2])
        weights = (q[:, :, start:stop] @ k[:, :, :stop].transpose(-1, -2)).tril(start)
        parts.append(weights @ v[:, :, :stop] / weights.sum(-1, keepdim=True))
    return torch.cat(parts, dim=2)

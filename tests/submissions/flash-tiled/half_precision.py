# expect: wrong_output
# Products of queries and keys in bfloat16, as on a GPU's tensor cores; float32 is asked.
import math

import torch


def attention(q, k, v):
    n, d = q.shape[2:]
    parts = []
    for start in range(0, n, 64):
        stop = min(start + 64, n)
        scores = q[:, :, start:stop].bfloat16() @ k[:, :, :stop].bfloat16().transpose(-1, -2)
        future = torch.arange(stop)[None, :] > torch.arange(start, stop)[:, None]
        scores = (scores.float() / math.sqrt(d)).masked_fill(future, -math.inf)
        parts.append(scores.softmax(-1) @ v[:, :, :stop])
    return torch.cat(parts, dim=2)

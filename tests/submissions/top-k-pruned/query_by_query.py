# expect: passed
# One query after another, in plain loops: slow, but nothing here is timed.
import math

import torch


def attention(q, k, v, top_k):
    out = torch.empty_like(q)
    for b in range(q.shape[0]):
        for h in range(q.shape[1]):
            for i in range(q.shape[2]):
                scores = k[b, h] @ q[b, h, i] / math.sqrt(q.shape[-1])
                best = scores.argsort(descending=True)[:top_k]
                out[b, h, i] = scores[best].softmax(0) @ v[b, h, best]
    return out

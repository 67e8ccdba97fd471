# expect: passed
# numpy: argpartition finds the best keys, whose scores and values are gathered.
import math

import numpy as np
import torch


def attention(q, k, v, top_k):
    q, k, v = q.numpy(), k.numpy(), v.numpy()
    scores = q @ k.swapaxes(-1, -2) / np.float32(math.sqrt(q.shape[-1]))
    best = np.argpartition(scores, -top_k, axis=-1)[..., -top_k:]
    kept = np.take_along_axis(scores, best, axis=-1)
    weights = np.exp(kept - kept.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    out = np.empty_like(q)
    for b in range(q.shape[0]):
        for h in range(q.shape[1]):
            out[b, h] = np.einsum("mk,mkd->md", weights[b, h], v[b, h][best[b, h]])
    return torch.from_numpy(out)

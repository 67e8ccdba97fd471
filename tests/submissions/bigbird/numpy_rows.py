# expect: passed
# Block by block in numpy.
import math

import numpy as np
import torch


def attention(q, k, v, block_size, random_blocks):
    q, k, v, drawn = q.numpy(), k.numpy(), v.numpy(), random_blocks.numpy()
    n, d = q.shape[2:]
    owner = np.arange(n) // block_size
    out = np.empty_like(q)
    for row in range(len(drawn)):
        tiles = np.unique(np.concatenate([[0, row - 1, row, row + 1], drawn[row]]))
        keys = np.flatnonzero(np.isin(owner, tiles)) if row else np.arange(n)
        own = slice(row * block_size, (row + 1) * block_size)
        scores = q[:, :, own] @ k[:, :, keys].swapaxes(-1, -2) / np.float32(math.sqrt(d))
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        out[:, :, own] = scores / scores.sum(-1, keepdims=True) @ v[:, :, keys]
    return torch.from_numpy(out)

# expect: passed
# Row by row in numpy, scores of each tile side by side.
import math

import numpy as np
import torch


def attention(q, k, v, block_mask, block_size):
    q, k, v, mask = q.numpy(), k.numpy(), v.numpy(), block_mask.numpy()
    d = q.shape[-1]
    out = np.empty_like(q)
    for row in range(len(mask)):
        tiles = [slice(c * block_size, (c + 1) * block_size) for c in np.flatnonzero(mask[row])]
        own = slice(row * block_size, (row + 1) * block_size)
        scores = np.concatenate(
            [q[:, :, own] @ k[:, :, tile].swapaxes(-1, -2) for tile in tiles], axis=-1
        )
        scores /= np.float32(math.sqrt(d))
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        values = np.concatenate([v[:, :, tile] for tile in tiles], axis=2)
        out[:, :, own] = scores / scores.sum(-1, keepdims=True) @ values
    return torch.from_numpy(out)

# expect: wrong_output
# A softmax for each tile by itself, and the mean of the results.
import math

import torch


def attention(q, k, v, block_mask, block_size):
    out = torch.empty_like(q)
    for row in range(len(block_mask)):
        own = q[:, :, row * block_size : (row + 1) * block_size] / math.sqrt(q.shape[-1])
        parts = []
        for column in block_mask[row].nonzero().flatten().tolist():
            tile = slice(column * block_size, (column + 1) * block_size)
            scores = own @ k[:, :, tile].transpose(-1, -2)
            parts.append(scores.softmax(-1) @ v[:, :, tile])
        out[:, :, row * block_size : (row + 1) * block_size] = sum(parts) / len(parts)
    return out

# expect: wrong_output
# An online softmax that forgets to shrink what it has when the maximum grows.
import math

import torch


def attention(q, k, v, block_mask, block_size):
    out = torch.empty_like(q)
    for row in range(len(block_mask)):
        own = q[:, :, row * block_size : (row + 1) * block_size] / math.sqrt(q.shape[-1])
        top = torch.full((*own.shape[:-1], 1), -math.inf)
        total, summed = torch.zeros_like(top), torch.zeros_like(own)
        for column in block_mask[row].nonzero().flatten().tolist():
            tile = slice(column * block_size, (column + 1) * block_size)
            scores = own @ k[:, :, tile].transpose(-1, -2)
            top = torch.maximum(top, scores.amax(-1, keepdim=True))
            weights = (scores - top).exp()
            total = total + weights.sum(-1, keepdim=True)
            summed = summed + weights @ v[:, :, tile]
        out[:, :, row * block_size : (row + 1) * block_size] = summed / total
    return out

# expect: passed
# The band as one slice and the other blocks gathered, merged by their log-sum-exp.
import math

import torch


def piece(q, k, v):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return scores.logsumexp(-1, keepdim=True), scores.softmax(-1) @ v


def attention(q, k, v, block_size, random_blocks):
    n = q.shape[2]
    out = torch.empty_like(q)
    position = torch.arange(n)
    for row, drawn in enumerate(random_blocks.tolist()):
        start, stop = row * block_size, min((row + 1) * block_size, n)
        own = q[:, :, start:stop]
        first, last = max(0, start - block_size), min(n, stop + block_size)
        if row == 0:
            last = n
        total, near = piece(own, k[:, :, first:last], v[:, :, first:last])
        others = sorted({0, *drawn} - {row - 1, row, row + 1}) if row else []
        if others:
            keys = torch.cat([position[b * block_size : (b + 1) * block_size] for b in others])
            other_total, far = piece(own, k[:, :, keys], v[:, :, keys])
            both = torch.logaddexp(total, other_total)
            near = (total - both).exp() * near + (other_total - both).exp() * far
        out[:, :, start:stop] = near
    return out

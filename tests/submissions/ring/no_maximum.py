# expect: wrong_output
# Adds up exp(score) over the shards without any maximum: overflows when scores are large.
import math

import torch


def attention(q, k, v, ring):
    held, total, out = torch.stack([k, v]), 0, 0
    for step in range(ring.size):
        held = ring.shift(held) if step else held
        if step <= ring.rank:
            weights = (q @ held[0].transpose(-1, -2) / math.sqrt(q.shape[-1])).exp()
            weights = weights if step else weights.tril()
            total, out = total + weights.sum(-1, keepdim=True), out + weights @ held[1]
    return out / total

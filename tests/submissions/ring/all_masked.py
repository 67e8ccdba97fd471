# expect: passed
# Every shard is attended to under a mask, those of the future too: nothing is timed here.
import math

import torch


def attention(q, k, v, ring):
    n, d = q.shape[2:]
    i = torch.arange(n)[:, None] + ring.rank * n
    both = torch.cat([k, v], dim=-1)
    scores, values = [], []
    for step in range(ring.size):
        if step:
            both = ring.shift(both)
        keys, value = both.split(d, dim=-1)
        j = torch.arange(n)[None, :] + (ring.rank - step) % ring.size * n
        part = torch.einsum("bhid,bhjd->bhij", q, keys) / math.sqrt(d)
        scores.append(part.masked_fill(j > i, -math.inf))
        values.append(value)
    return torch.cat(scores, -1).softmax(-1) @ torch.cat(values, 2)

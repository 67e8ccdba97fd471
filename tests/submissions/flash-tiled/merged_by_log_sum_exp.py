# expect: passed
# Each tile gives a normalised result and its log-sum-exp; tiles are merged by logaddexp.
import math

import torch


def attention(q, k, v):
    n, d = q.shape[2:]
    out = torch.empty_like(q)
    for start in range(0, n, 256):
        stop = min(start + 256, n)
        queries = q[:, :, start:stop] / math.sqrt(d)
        merged = mass = None
        for first in range(0, stop, 256):
            last = min(first + 256, stop)
            scores = torch.einsum("bhid,bhjd->bhij", queries, k[:, :, first:last])
            if first == start:
                scores = scores.masked_fill(torch.ones(scores.shape[-2:]).triu(1).bool(), -math.inf)
            tile_mass = scores.logsumexp(-1, keepdim=True)
            tile = (scores - tile_mass).exp() @ v[:, :, first:last]
            if merged is None:
                merged, mass = tile, tile_mass
                continue
            both = torch.logaddexp(mass, tile_mass)
            merged = merged * (mass - both).exp() + tile * (tile_mass - both).exp()
            mass = both
        out[:, :, start:stop] = merged
    return out

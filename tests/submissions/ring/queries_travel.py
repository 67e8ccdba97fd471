# expect: too_much_memory
# Queries go round with what they have gathered so far, and have to come home: right, but more bytes.
import math

import torch


def attention(q, k, v, ring):
    n, d = q.shape[2:]
    out, mass = torch.zeros_like(q), torch.full((*q.shape[:3], 1), -math.inf)
    travelling = torch.cat([q, out, mass], dim=-1)
    for step in range(ring.size):
        query, out, mass = travelling.split([d, d, 1], dim=-1)
        home = (ring.rank - step) % ring.size
        if home >= ring.rank:
            scores = query @ k.transpose(-1, -2) / math.sqrt(d)
            if home == ring.rank:
                scores = scores.masked_fill(torch.ones(n, n).triu(1).bool(), -math.inf)
            part_mass = scores.logsumexp(-1, keepdim=True)
            part = (scores - part_mass).exp() @ v
            whole = torch.logaddexp(mass, part_mass)
            out = out * (mass - whole).exp() + part * (part_mass - whole).exp()
            mass = whole
        travelling = ring.shift(torch.cat([query, out, mass], dim=-1))
    return travelling[..., d : 2 * d]

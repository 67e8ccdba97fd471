# expect: passed
# Keys and values in two shifts of their own; running maximum, sum and weighted sum, divided last.
import math

import torch


def attention(q, k, v, ring):
    n, d = q.shape[2:]
    q = q / math.sqrt(d)
    largest = torch.full((*q.shape[:3], 1), -math.inf)
    total, weighted = torch.zeros_like(largest), torch.zeros_like(q)
    for step in range(ring.size):
        source = (ring.rank - step) % ring.size
        i = ring.rank * n + torch.arange(n)[:, None]
        j = source * n + torch.arange(n)[None, :]
        if source <= ring.rank:
            scores = (q @ k.transpose(-1, -2)).masked_fill(j > i, -math.inf)
            raised = torch.maximum(largest, scores.amax(-1, keepdim=True))
            weights, shrink = (scores - raised).exp(), (largest - raised).exp()
            total = total * shrink + weights.sum(-1, keepdim=True)
            weighted = weighted * shrink + weights @ v
            largest = raised
        if step < ring.size - 1:
            k, v = ring.shift(k), ring.shift(v)
    return weighted / total

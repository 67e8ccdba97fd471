# expect: too_slow
# An online softmax over the cache in tiles of 24 keys: right, but a step is made of Python.
import math
from collections import deque

import torch


def step(q, k, v, state, window, n_sink):
    sinks = state.setdefault("sinks", [])
    recent = state.setdefault("recent", deque(maxlen=window))
    (sinks if len(sinks) < n_sink else recent).append(torch.cat([k, v], dim=-1))
    kept = torch.cat([*sinks, *recent], dim=2)
    largest = torch.full((*q.shape[:3], 1), -math.inf)
    total, weighted = 0, 0
    for tile in kept.split(24, dim=2):
        keys, values = tile.chunk(2, dim=-1)
        scores = q @ keys.transpose(-1, -2) / math.sqrt(q.shape[-1])
        raised = torch.maximum(largest, scores.amax(-1, keepdim=True))
        weights, shrink = (scores - raised).exp(), (largest - raised).exp()
        total = total * shrink + weights.sum(-1, keepdim=True)
        weighted = weighted * shrink + weights @ values
        largest = raised
    return weighted / total

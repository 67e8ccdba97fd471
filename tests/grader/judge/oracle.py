"""The independent oracle: visible sets by hand, attention in numpy float64.

Shares nothing with what it checks: no torch, no pattern algebra. Loops over queries and keys follow
the words of the exercises one by one.
"""

import numpy as np


def sees(slug, i, j, **parameters):
    """Say whether query i sees key j in an exercise; positions count from 0."""
    match slug:
        case "dense-causal":
            return j <= i
        case "first-plus-window":
            return j <= i and (j == 0 or i - j <= 2)
        case "sliding-window":
            return 0 <= i - j < parameters["window"]
        case "global-window":
            near = abs(i - j) <= parameters["window"] // 2
            return near or i < parameters["n_global"] or j < parameters["n_global"]
    raise KeyError(slug)


def attention(slug, q, k, v, **parameters):
    """Return attention of float64 arrays [batch, heads, n, d], query by query."""
    out = np.zeros_like(v)
    batch, heads, n, d = q.shape
    for i in range(n):
        keys = [j for j in range(n) if sees(slug, i, j, **parameters)]
        for b in range(batch):
            for h in range(heads):
                scores = k[b, h, keys] @ q[b, h, i] / np.sqrt(d)
                weights = np.exp(scores - scores.max())
                out[b, h, i] = (weights / weights.sum()) @ v[b, h, keys]
    return out


def pairs(slug, n, **parameters):
    """Return the visible pairs as a bool array [n, n]."""
    return np.array([[sees(slug, i, j, **parameters) for j in range(n)] for i in range(n)])

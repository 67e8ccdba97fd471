"""The independent oracle: visible sets by hand, attention in numpy float64.

Shares nothing with what it checks: no torch, no pattern algebra. Loops over queries and keys follow
the words of the exercises one by one.
"""

import numpy as np


def sees(slug, i, j, *, block_mask=None, random_blocks=None, **parameters):  # noqa: C901  (a table)
    """Say whether query i may see key j in an exercise; positions count from 0."""
    match slug:
        case "dense-causal" | "flash-tiled" | "ring" | "linear-attention":
            return j <= i
        case "first-plus-window":
            return j <= i and (j == 0 or i - j <= 2)
        case "sliding-window" | "swa-gqa":
            return 0 <= i - j < parameters["window"]
        case "bidirectional-window":
            return abs(i - j) <= parameters["window"] // 2
        case "strided":
            return j <= i and (i - j) % parameters["stride"] == 0
        case "global-window":
            near = abs(i - j) <= parameters["window"] // 2
            return near or i < parameters["n_global"] or j < parameters["n_global"]
        case "bigbird":
            row, column = i // parameters["block_size"], j // parameters["block_size"]
            near = abs(row - column) <= 1 or row == 0 or column == 0
            return near or column in random_blocks[row]
        case "block-sparse":
            return bool(block_mask[i // parameters["block_size"], j // parameters["block_size"]])
        case "rolling-cache-decode":
            return j <= i and (i - j < parameters["window"] or j < parameters["n_sink"])
        case "top-k-pruned":
            return True
    raise KeyError(slug)


def attention(slug, q, k, v, **parameters):
    """Return attention of float64 arrays, query by query.

    q is [batch, heads, m, d], k and v are [batch, kv_heads, n, d].
    """
    out = np.zeros_like(q)
    batch, heads, m, _ = q.shape
    groups = heads // k.shape[1]
    for i in range(m):
        keys = visible_keys(slug, i, k.shape[2], **parameters)
        for b in range(batch):
            for h in range(heads):
                seen_k, seen_v = k[b, h // groups, keys], v[b, h // groups, keys]
                weights = weigh(slug, q[b, h, i], seen_k, **parameters)
                out[b, h, i] = weights @ seen_v / weights.sum()
    return out


def visible_keys(slug, i, n, **parameters):
    """Return the keys that query i may see."""
    return [j for j in range(n) if sees(slug, i, j, **parameters)]


def weigh(slug, query, keys, *, top_k=None, **_):
    """Return the weights of the visible keys, not yet divided by their sum."""
    if slug == "linear-attention":
        return elu_plus_one(keys) @ elu_plus_one(query)
    scores = keys @ query / np.sqrt(len(query))
    weights = np.exp(scores - scores.max())
    if top_k is not None:
        weights[np.argsort(scores)[: len(scores) - top_k]] = 0.0
    return weights


def elu_plus_one(x):
    """Return elu(x) + 1."""
    return np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))


def pairs(slug, n, **parameters):
    """Return the pairs that may be seen as a bool array [n, n]."""
    return np.array([[sees(slug, i, j, **parameters) for j in range(n)] for i in range(n)])

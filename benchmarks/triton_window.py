"""A causal sliding window tile by tile in Triton, one block of queries a program.

With the name of an exercise's function it is a submission: to ``flash-tiled`` with a window that
nothing lies outside of.
"""

import math

import torch
import triton
import triton.language as tl

QUERIES, KEYS = 64, 32


@triton.jit(do_not_specialize=["n", "window"])
def _tiles(
    q, k, v, out, n, window, scale, d: tl.constexpr, queries: tl.constexpr, keys: tl.constexpr
):
    base = tl.program_id(1).to(tl.int64) * n * d
    rows = tl.program_id(0) * queries + tl.arange(0, queries)
    columns, features = tl.arange(0, keys), tl.arange(0, d)
    inside = rows[:, None] < n
    place = base + rows[:, None] * d + features[None, :]
    block = tl.load(q + place, mask=inside, other=0.0) * scale
    largest = tl.full([queries], -float("inf"), tl.float32)
    total = tl.zeros([queries], tl.float32)
    weighted = tl.zeros([queries, d], tl.float32)
    first = tl.maximum(0, tl.program_id(0) * queries - window + 1) // keys * keys
    for start in range(first, tl.minimum(n, (tl.program_id(0) + 1) * queries), keys):
        column = start + columns
        near = base + column[:, None] * d + features[None, :]
        there = column[:, None] < n
        key = tl.load(k + near, mask=there, other=0.0)
        scores = tl.dot(block, tl.trans(key), input_precision="ieee")
        distance = rows[:, None] - column[None, :]
        scores = tl.where((distance >= 0) & (distance < window), scores, -float("inf"))
        # Finite, so that rows which see nothing of a tile bring no NaN.
        raised = tl.maximum(tl.maximum(largest, tl.max(scores, 1)), -1e30)
        shrink = tl.exp(largest - raised)
        weights = tl.exp(scores - raised[:, None])
        total = total * shrink + tl.sum(weights, 1)
        value = tl.load(v + near, mask=there, other=0.0)
        weighted = weighted * shrink[:, None] + tl.dot(weights, value, input_precision="ieee")
        largest = raised
    tl.store(out + place, weighted / total[:, None], mask=inside)


def windowed(q, k, v, window):
    """Return attention in which i sees j when 0 <= i - j < window; all are [batch, heads, n, d]."""
    batch, heads, n, d = q.shape
    out = torch.empty_like(q)
    grid = (triton.cdiv(n, QUERIES), batch * heads)
    side = max(16, triton.next_power_of_2(d))
    if side != d:
        q, k, v, padded = (torch.nn.functional.pad(x, (0, side - d)) for x in (q, k, v, out))
    else:
        padded = out
    _tiles[grid](q, k, v, padded, n, window, 1 / math.sqrt(d), side, QUERIES, KEYS)
    return padded if side == d else padded[..., :d].contiguous()

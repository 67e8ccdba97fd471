"""Causal attention tile by tile in Triton, one block of queries a program: a submission."""

import math

import torch
import triton
import triton.language as tl

QUERIES, KEYS = 64, 32


@triton.jit(do_not_specialize=["n"])
def _tiles(q, k, v, out, n, scale, d: tl.constexpr, queries: tl.constexpr, keys: tl.constexpr):
    base = tl.program_id(1).to(tl.int64) * n * d
    rows = tl.program_id(0) * queries + tl.arange(0, queries)
    columns, features = tl.arange(0, keys), tl.arange(0, d)
    inside = rows[:, None] < n
    place = base + rows[:, None] * d + features[None, :]
    block = tl.load(q + place, mask=inside, other=0.0) * scale
    largest = tl.full([queries], -float("inf"), tl.float32)
    total = tl.zeros([queries], tl.float32)
    weighted = tl.zeros([queries, d], tl.float32)
    for start in range(0, tl.minimum(n, (tl.program_id(0) + 1) * queries), keys):
        column = start + columns
        near = base + column[:, None] * d + features[None, :]
        there = column[:, None] < n
        key = tl.load(k + near, mask=there, other=0.0)
        scores = tl.dot(block, tl.trans(key), input_precision="ieee")
        scores = tl.where(column[None, :] <= rows[:, None], scores, -float("inf"))
        raised = tl.maximum(largest, tl.max(scores, 1))
        shrink = tl.exp(largest - raised)
        weights = tl.exp(scores - raised[:, None])
        total = total * shrink + tl.sum(weights, 1)
        value = tl.load(v + near, mask=there, other=0.0)
        weighted = weighted * shrink[:, None] + tl.dot(weights, value, input_precision="ieee")
        largest = raised
    tl.store(out + place, weighted / total[:, None], mask=inside)


def attention(q, k, v):
    """Return attention in which query i sees key j when j <= i; all are [batch, heads, n, d]."""
    batch, heads, n, d = q.shape
    out = torch.empty_like(q)
    grid = (triton.cdiv(n, QUERIES), batch * heads)
    side = max(16, triton.next_power_of_2(d))
    if side != d:
        q, k, v, padded = (torch.nn.functional.pad(x, (0, side - d)) for x in (q, k, v, out))
    else:
        padded = out
    _tiles[grid](q, k, v, padded, n, 1 / math.sqrt(d), side, QUERIES, KEYS)
    return padded if side == d else padded[..., :d].contiguous()

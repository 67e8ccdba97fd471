"""A learner's first result: in a warm process against a fresh sandbox that imports torch."""

import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

from sandbox.limits import Limits
from sandbox.pool import Pool, WarmPool
from sandbox.wire import Array, Outcome, OutputSpec

_ROUNDS = 9
_SOURCE = b"""
import torch

FIRST = torch.ones(16, 64) @ torch.ones(64, 16)

def attention(q, k, v):
    return (q @ k.mT).softmax(-1) @ v
"""
_SHAPE = (1, 1, 16, 64)


class First(NamedTuple):
    """Seconds from asking for a process until its file's first operation is known to be done, and
    until the result of its function's first call is there."""

    operation: float
    result: float


def first(pool: Pool) -> First:
    """Have a file run and its function called in a process of this pool."""
    array = Array("float32", _SHAPE, bytes(4 * 16 * 64))
    inputs = {"q": array, "k": array, "v": array}
    began = time.perf_counter()
    with closing(pool.take()) as process:
        loaded = process.load(_SOURCE, "attention", ("q", "k", "v"), (), (), lambda: None)
        operation = time.perf_counter() - began
        reply = process.call(
            inputs, {}, OutputSpec("float32", _SHAPE), seconds=20, tick=lambda: None
        )
        result = time.perf_counter() - began
    assert (loaded.outcome, reply.outcome) == (Outcome.DONE, Outcome.DONE)
    return First(operation, result)


def measure() -> Iterator[str]:
    """Pair a cold start with a warm one, in the same run."""
    cold, warm = [], []
    for _ in range(_ROUNDS):
        with closing(WarmPool(1, Limits())) as pool:
            cold.append(first(pool).result)
            # Its successor is warm after a while; wait for that, untimed.
            ready = pool.take()
            ready.close()
            time.sleep(6)
            warm.append(first(pool).result)
    ratios = [c / w for c, w in zip(cold, warm, strict=True)]
    yield (
        f"cold {statistics.median(cold) * 1e3:.0f} ms, "
        f"warm {statistics.median(warm) * 1e3:.1f} ms (medians of {_ROUNDS})"
    )
    yield (
        f"ratio: median {statistics.median(ratios):.0f}, "
        f"lowest {min(ratios):.0f} (asked: at least 100)"
    )

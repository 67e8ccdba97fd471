"""Attention over a ring, its ranks as threads that pass tensors by queues."""

from concurrent.futures import ThreadPoolExecutor
from queue import Queue

import numpy as np
import pytest
import torch

from grader.references import ring, ring__gathered
from tests.grader.judge import oracle

WAYS = [ring.attention, ring__gathered.attention]
_PATIENCE = 10.0


class ThreadRing:
    """One rank's end of a ring of queues; counts the bytes that it sends."""

    def __init__(self, rank, queues):
        self.rank, self.size = rank, len(queues)
        self._queues, self.sent = queues, 0

    def shift(self, tensor):
        self.sent += tensor.numel() * tensor.element_size()
        self._queues[(self.rank + 1) % self.size].put(tensor.clone())
        return self._queues[self.rank].get(timeout=_PATIENCE)


def around(attention, q, k, v, size):
    """Run every rank on its shard; return the whole result and the bytes that each rank sent."""
    queues = [Queue() for _ in range(size)]
    ends = [ThreadRing(rank, queues) for rank in range(size)]
    shards = zip(*(torch.from_numpy(x).chunk(size, dim=2) for x in (q, k, v)), strict=True)
    with ThreadPoolExecutor(size) as ranks:
        parts = list(ranks.map(lambda shard, end: attention(*shard, end), shards, ends))
    return torch.cat(parts, dim=2), [end.sent for end in ends]


def three(n):
    generator = np.random.default_rng(n)
    return tuple(generator.standard_normal((2, 2, n, 8)).astype(np.float32) for _ in range(3))


@pytest.mark.parametrize("size", [1, 2, 3, 4])
@pytest.mark.parametrize("each", [1, 2, 13])
@pytest.mark.parametrize("attention", WAYS)
def test_a_ring_agrees_with_numpy(attention, each, size):
    arrays = three(each * size)
    ours, _ = around(attention, *arrays, size)
    theirs = oracle.attention("ring", *(x.astype(np.float64) for x in arrays))
    assert np.abs(ours.numpy() - theirs).max() < 2e-6


@pytest.mark.parametrize("size", [2, 3, 4])
@pytest.mark.parametrize("attention", WAYS)
def test_each_rank_sends_its_keys_and_values_once_past_all_others(attention, size):
    batch, heads, n, d = 2, 2, 12 * size, 8
    _, sent = around(attention, *three(n), size)
    assert sent == [2 * (size - 1) * batch * heads * n // size * d * 4] * size


def test_one_rank_alone_sends_nothing():
    for attention in WAYS:
        assert around(attention, *three(9), 1)[1] == [0]


def test_large_scores_in_one_shard_do_not_overflow_the_merge():
    q, k, v = three(24)
    k[:, :, :6] *= 100
    ours, _ = around(ring.attention, q, k, v, 4)
    theirs = oracle.attention("ring", *(x.astype(np.float64) for x in (q, k, v)))
    assert np.abs(ours.numpy() - theirs).max() < 1e-4

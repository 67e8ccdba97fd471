"""Causal attention over a ring of ranks: earlier shards are collected, then attended to at once.

Sending every shard round is the ring algorithm for all-gather, as in Thakur, Rabenseifner and
Gropp, "Optimization of Collective Communication Operations in MPICH", 2005, section 4.1. It sends
as much as ring attention does and needs memory for all earlier keys.
"""

from typing import Protocol

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention


class Ring(Protocol):
    """This rank's place among ``size`` of them; ``shift`` passes a tensor on to the next rank."""

    rank: int
    size: int

    def shift(self, tensor: Tensor) -> Tensor:
        """Return what the previous rank sent."""
        ...


def attention(q: Tensor, k: Tensor, v: Tensor, ring: Ring) -> Tensor:
    """Return this rank's rows of attention in which query i sees key j when ``j <= i``.

    q, k, v and the result are the rank's shard, ``[batch, heads, n / ring.size, d]``.
    """
    shards = [torch.stack([k, v])]
    for _ in range(ring.size - 1):
        shards.append(ring.shift(shards[-1]))
    # The own shard came first, then those of rank - 1, rank - 2, …, and past rank 0 the future.
    keys, values = torch.cat(shards[ring.rank :: -1], dim=3)
    row = torch.arange(q.shape[2], device=q.device)[:, None] + ring.rank * q.shape[2]
    seen = torch.arange(keys.shape[2], device=q.device)[None, :] <= row
    return scaled_dot_product_attention(q, keys, values, attn_mask=seen)

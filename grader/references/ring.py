"""Causal attention over a ring of ranks, partial results merged by their log-sum-exp.

Liu, Zaharia and Abbeel, "Ring Attention with Blockwise Transformers for Near-Infinite Context",
2023, section 3.
"""

import math
from typing import Protocol

import torch
from torch import Tensor


class Ring(Protocol):
    """This rank's place among ``size`` of them; ``shift`` passes a tensor on to the next rank."""

    rank: int
    size: int

    def shift(self, tensor: Tensor) -> Tensor:
        """Return what the previous rank sent."""
        ...


def attention(q: Tensor, k: Tensor, v: Tensor, ring: Ring) -> Tensor:
    """Return this rank's rows of attention in which query i sees key j when ``j <= i``.

    q, k, v and the result are the rank's shard, ``[batch, heads, n / ring.size, d]``. Keys and
    values travel round; after s steps this rank holds those of rank ``ring.rank - s``.
    """
    out, mass = _attend(q, k, v, own=True)
    travelling = torch.stack([k, v])
    for step in range(1, ring.size):
        # All ranks pass on what they hold, those that lie in its future too.
        travelling = ring.shift(travelling)
        if step <= ring.rank:
            part, part_mass = _attend(q, travelling[0], travelling[1], own=False)
            whole = torch.logaddexp(mass, part_mass)
            out = out * (mass - whole).exp() + part * (part_mass - whole).exp()
            mass = whole
    return out


def _attend(q: Tensor, k: Tensor, v: Tensor, *, own: bool) -> tuple[Tensor, Tensor]:
    """Return attention over one shard, and the log of the sum of the scores' exponentials."""
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if own:
        n = q.shape[2]
        future = torch.ones(n, n, dtype=torch.bool, device=q.device).triu(1)
        scores.masked_fill_(future, -math.inf)
    mass = scores.logsumexp(dim=-1, keepdim=True)
    return scores.sub_(mass).exp_() @ v, mass

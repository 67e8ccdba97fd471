"""Dense attention, whole, causal and token by token: scaled dot products, softmax, weighted sum.

Vaswani et al., "Attention Is All You Need", 2017, section 3.2.1. All functions take q, k and v as
``[batch, heads, n, d]`` and return the shape of q; further keywords are accepted and ignored, so
that each can stand against a sparse function on the same calls.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention


def sdpa_causal(q: Tensor, k: Tensor, v: Tensor, **_: int) -> Tensor:
    """Return torch's own attention over keys up to the query."""
    k, v = _for_each_head(q, k), _for_each_head(q, v)
    return scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=_grouped(q, k))


def sdpa_full(q: Tensor, k: Tensor, v: Tensor, **_: int) -> Tensor:
    """Return torch's own attention over all keys."""
    k, v = _for_each_head(q, k), _for_each_head(q, v)
    return scaled_dot_product_attention(q, k, v, enable_gqa=_grouped(q, k))


def naive_causal(q: Tensor, k: Tensor, v: Tensor, **_: int) -> Tensor:
    """Return attention over keys up to the query, the whole score matrix at once."""
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    n = q.shape[-2]
    future = torch.ones(n, n, dtype=torch.bool, device=q.device).triu(1)
    return scores.masked_fill_(future, -math.inf).softmax(dim=-1) @ v


def naive_full(q: Tensor, k: Tensor, v: Tensor, **_: int) -> Tensor:
    """Return attention over all keys, the whole score matrix at once."""
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return scores.softmax(dim=-1) @ v


class Cache:
    """Keys and values of all tokens so far, with room for more."""

    def __init__(self, like: Tensor, room: int) -> None:
        batch, heads, _, d = like.shape
        self.keys, self.values = (like.new_empty(batch, heads, room, d) for _ in range(2))
        self.tokens = 0

    def append(self, k: Tensor, v: Tensor) -> None:
        """Add the keys and values of one token or many."""
        start, self.tokens = self.tokens, self.tokens + k.shape[2]
        self.keys[:, :, start : self.tokens] = k
        self.values[:, :, start : self.tokens] = v


_ROOM = 1024


def full_cache(q: Tensor, k: Tensor, v: Tensor, state: dict[str, Cache], **_: int) -> Tensor:
    """Return attention of the newest token over all tokens so far, kept in ``state``.

    q is one token; k and v are one token too, or at once all those that the first call brings. The
    cache is made ahead, so that a step copies none of the earlier keys.
    """
    cache = state.get("cache")
    if cache is None or cache.tokens + k.shape[2] > cache.keys.shape[2]:
        earlier, tokens = cache, 0 if cache is None else cache.tokens
        cache = state["cache"] = Cache(k, 2 * tokens + k.shape[2] + _ROOM)
        if earlier is not None:
            cache.append(earlier.keys[:, :, :tokens], earlier.values[:, :, :tokens])
    cache.append(k, v)
    keys, values = cache.keys[:, :, : cache.tokens], cache.values[:, :, : cache.tokens]
    return scaled_dot_product_attention(q, keys, values)


def _for_each_head(q: Tensor, x: Tensor) -> Tensor:
    """Repeat keys or values on a GPU, where torch has no fused float32 kernel for groups."""
    groups = q.shape[1] // x.shape[1]
    return x.repeat_interleave(groups, dim=1) if q.is_cuda and groups > 1 else x


def _grouped(q: Tensor, k: Tensor) -> bool:
    return q.shape[1] != k.shape[1]

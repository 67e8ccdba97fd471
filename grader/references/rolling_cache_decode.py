"""Decoding with a rolling cache: a few sinks for good, and a ring of the latest keys and values.

Jiang et al., "Mistral 7B", 2023, section 2, for the rolling buffer; Xiao et al., "Efficient
Streaming Language Models with Attention Sinks", 2023, section 3.2, for the sinks.
"""

from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention


class Cache:
    """Keys and values of the sinks, then ``window`` slots that are written in turn."""

    def __init__(self, like: Tensor, slots: int) -> None:
        batch, heads, _, d = like.shape
        self.keys = like.new_empty(batch, heads, slots, d)
        self.values = like.new_empty(batch, heads, slots, d)
        self.tokens = 0


def step(
    q: Tensor, k: Tensor, v: Tensor, state: dict[str, Cache], window: int, n_sink: int
) -> Tensor:
    """Return attention of the newest token i over keys j with ``i - j < window or j < n_sink``.

    q, k, v and the result are ``[batch, heads, 1, d]``; ``state`` is empty at the first token.
    """
    slots = n_sink + window
    cache = state.get("cache")
    if cache is None:
        cache = state["cache"] = Cache(k, slots)
    past_sinks = cache.tokens - n_sink
    slot = cache.tokens if past_sinks < 0 else n_sink + past_sinks % window
    cache.keys[:, :, slot] = k[:, :, 0]
    cache.values[:, :, slot] = v[:, :, 0]
    cache.tokens += 1
    # Softmax does not mind the order of keys, so the ring need not be straightened.
    filled = min(cache.tokens, slots)
    return scaled_dot_product_attention(q, cache.keys[:, :, :filled], cache.values[:, :, :filled])

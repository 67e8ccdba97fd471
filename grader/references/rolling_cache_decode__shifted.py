"""Decoding with a rolling cache that is shifted: the oldest key after the sinks falls out.

Xiao et al., "Efficient Streaming Language Models with Attention Sinks", 2023, section 3.2.
"""

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention


def step(
    q: Tensor, k: Tensor, v: Tensor, state: dict[str, Tensor], window: int, n_sink: int
) -> Tensor:
    """Return attention of the newest token i over keys j with ``i - j < window or j < n_sink``.

    q, k, v and the result are ``[batch, heads, 1, d]``; ``state`` is empty at the first token.
    """
    for name, newest in (("keys", k), ("values", v)):
        kept = state.get(name)
        parts = [newest]
        if kept is not None and kept.shape[2] < n_sink + window:
            parts = [kept, newest]
        elif kept is not None:
            parts = [kept[:, :, :n_sink], kept[:, :, n_sink + 1 :], newest]
        # cat copies, also of one tensor alone: the inputs are gone after the call.
        state[name] = torch.cat(parts, dim=2)
    return scaled_dot_product_attention(q, state["keys"], state["values"])

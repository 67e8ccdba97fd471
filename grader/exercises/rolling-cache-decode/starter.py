"""A decoding step: token i sees token j <= i when i - j < window or j < n_sink."""

import torch


def step(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    state: dict[str, object],
    window: int,
    n_sink: int,
) -> torch.Tensor:
    """Return attention of the newest token; q, k, v and the result are [batch, heads, 1, d].

    state is empty at the first token of a sequence and is handed back at every later one.
    """
    raise NotImplementedError("Write me.")

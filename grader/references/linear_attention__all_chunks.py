"""Causal linear attention, all chunks at once: sums of whole chunks, then their running totals.

Katharopoulos et al., "Transformers are RNNs", 2020, section 3.3, for the mechanism; Sun et al.,
"Retentive Network", 2023, section 2.3, and Yang et al., "Gated Linear Attention Transformers with
Hardware-Efficient Training", 2023, section 2.2, for the parallel chunkwise form.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import elu, pad

_CHUNK = 64


def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Return attention with weights ``phi(q_i) · phi(k_j)``, j <= i, where phi is elu + 1.

    q, k, v and the result are ``[batch, heads, n, d]``; work and memory are linear in n. A column
    of ones beside the values sums up the weights on the way.
    """
    batch, heads, n, _ = q.shape
    chunks = math.ceil(n / _CHUNK)
    ones = v.new_ones(batch, heads, n, 1)
    # Padding comes after phi: padded keys are zero, so they weigh nothing.
    queries, keys, values = (
        pad(x, (0, 0, 0, chunks * _CHUNK - n)).view(batch, heads, chunks, _CHUNK, -1)
        for x in (elu(q) + 1, elu(k) + 1, torch.cat([v, ones], dim=-1))
    )
    sums = keys.transpose(-1, -2) @ values
    earlier = pad(sums.cumsum(dim=2), (0, 0, 0, 0, 1, 0))[:, :, :-1]
    inner = (queries @ keys.transpose(-1, -2)).tril_()
    both = (inner @ values + queries @ earlier).view(batch, heads, chunks * _CHUNK, -1)[:, :, :n]
    return both[..., :-1] / both[..., -1:]

"""Causal linear attention, chunk by chunk, with the sums over all earlier chunks carried along.

Katharopoulos et al., "Transformers are RNNs: Fast Autoregressive Transformers with Linear
Attention", 2020, sections 3.2 and 3.3; the chunkwise form is Hua et al., "Transformer Quality in
Linear Time", 2022, section 3.2.
"""

import torch
from torch import Tensor
from torch.nn.functional import elu

_CHUNK = 128


def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Return attention with weights ``phi(q_i) · phi(k_j)``, j <= i, where phi is elu + 1.

    q, k, v and the result are ``[batch, heads, n, d]``; work and memory are linear in n. The d × d
    sums stand for all earlier chunks; inside a chunk the products of queries and keys are made.
    """
    batch, heads, n, d = q.shape
    q, k = elu(q) + 1, elu(k) + 1
    out = torch.empty_like(v)
    key_values = q.new_zeros(batch, heads, d, d)
    keys_sum = q.new_zeros(batch, heads, d, 1)
    for start in range(0, n, _CHUNK):
        queries, keys, values = (x[:, :, start : start + _CHUNK] for x in (q, k, v))
        inner = (queries @ keys.transpose(-1, -2)).tril_()
        weighted = inner @ values + queries @ key_values
        total = inner.sum(dim=-1, keepdim=True) + queries @ keys_sum
        out[:, :, start : start + _CHUNK] = weighted / total
        key_values += keys.transpose(-1, -2) @ values
        keys_sum += keys.sum(dim=2).unsqueeze(-1)
    return out

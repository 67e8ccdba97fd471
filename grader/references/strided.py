"""Causal attention to every stride-th key: one dense problem for each residue.

Child et al., "Generating Long Sequences with Sparse Transformers", 2019, section 4.2.
"""

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention


def attention(q: Tensor, k: Tensor, v: Tensor, stride: int) -> Tensor:
    """Return attention in which i sees ``j <= i`` when ``(i - j) % stride == 0``.

    q, k, v and the result are ``[batch, heads, n, d]``. Queries see keys of their own residue only,
    so residue by residue this is plain causal attention over n / stride positions. Each residue has
    ``rounds`` of them; the first n % stride residues have one more, computed apart.
    """
    batch, heads, n, d = q.shape
    stride = min(stride, n)
    rounds, rest = divmod(n, stride)
    whole = rounds * stride
    out = torch.empty_like(q)
    queries, keys, values = (_by_residue(x[:, :, :whole], stride) for x in (q, k, v))
    body = scaled_dot_product_attention(queries, keys, values, is_causal=True)
    out[:, :, :whole] = body.transpose(1, 2).reshape(batch, heads, whole, d)
    if rest:
        keys, values = (_last_columns(x, stride, rest) for x in (k, v))
        queries = q[:, :, whole:].reshape(-1, rest, 1, d)
        last = scaled_dot_product_attention(queries, keys, values)
        out[:, :, whole:] = last.reshape(batch, heads, rest, d)
    return out


def _by_residue(x: Tensor, stride: int) -> Tensor:
    """Return a view ``[batch * heads, stride, rounds, d]``."""
    _, _, whole, d = x.shape
    return x.reshape(-1, whole // stride, stride, d).transpose(1, 2)


def _last_columns(x: Tensor, stride: int, rest: int) -> Tensor:
    """Return all keys of the first ``rest`` residues, ``[batch * heads, rest, rounds + 1, d]``.

    This is a view: the window that begins at a residue ends at that residue's last position.
    """
    windows = x.flatten(0, 1).unfold(1, x.shape[2] - rest + 1, 1)
    return windows[..., ::stride].transpose(-1, -2)

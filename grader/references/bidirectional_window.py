"""A window to both sides, all blocks of queries in one batch.

Beltagy et al., "Longformer: The Long-Document Transformer", 2020, section 3.1: the window
of an encoder looks both ways. Overlapping views of the keys are from there, too.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

_BLOCK = 64


def attention(q: Tensor, k: Tensor, v: Tensor, window: int) -> Tensor:
    """Return attention in which query i sees key j when ``abs(i - j) <= window // 2``.

    q, k, v and the result are ``[batch, heads, n, d]``; work and memory are linear in n. Blocks
    whose windows lie within the sequence are computed together, the others one by one.
    """
    batch, heads, n, d = q.shape
    reach = window // 2
    blocks = max(0, (n - 2 * reach) // _BLOCK)
    stop = reach + blocks * _BLOCK
    out = torch.empty_like(q)
    if blocks:
        queries = q[:, :, reach:stop].reshape(-1, blocks, _BLOCK, d)
        keys, values = (_windows(x[:, :, : stop + reach], reach) for x in (k, v))
        first = _near((0, _BLOCK), (-reach, _BLOCK + reach), reach, q.device)
        body = scaled_dot_product_attention(queries, keys, values, attn_mask=first)
        out[:, :, reach:stop] = body.reshape(batch, heads, -1, d)
    edges = [(0, reach), (stop, n)] if blocks else [(0, n)]
    for begin, end in edges:
        for start in range(begin, end, _BLOCK):
            _one_block(out, q, k, v, start, min(start + _BLOCK, end), reach)
    return out


def _windows(x: Tensor, reach: int) -> Tensor:
    """Return what each block sees as a view ``[batch * heads, blocks, block + 2 * reach, d]``."""
    return x.flatten(0, 1).unfold(1, _BLOCK + 2 * reach, _BLOCK).transpose(-1, -2)


def _one_block(
    out: Tensor, q: Tensor, k: Tensor, v: Tensor, start: int, stop: int, reach: int
) -> None:
    first, last = max(0, start - reach), min(q.shape[2], stop + reach)
    out[:, :, start:stop] = scaled_dot_product_attention(
        q[:, :, start:stop],
        k[:, :, first:last],
        v[:, :, first:last],
        attn_mask=_near((start, stop), (first, last), reach, q.device),
    )


def _near(
    rows: tuple[int, int], columns: tuple[int, int], reach: int, device: torch.device
) -> Tensor:
    """Return what is added to the scores of these queries and keys: 0 if near, else -inf."""
    row, column = (torch.arange(*ends, device=device) for ends in (rows, columns))
    far = (row[:, None] - column[None, :]).abs() > reach
    return torch.zeros(far.shape, device=device).masked_fill_(far, -math.inf)

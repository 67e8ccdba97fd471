"""Causal sliding-window attention, all blocks of queries in one batch.

The pattern is that of Child et al., "Generating Long Sequences with Sparse Transformers", 2019, and
of Jiang et al., "Mistral 7B", 2023, section 2; overlapping views of the keys, so that blocks are
computed together without a copy, are Beltagy et al., "Longformer", 2020, section 3.1 and appendix.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

_BLOCK = 64


def attention(q: Tensor, k: Tensor, v: Tensor, window: int) -> Tensor:
    """Return attention in which query i sees key j when ``0 <= i - j < window``.

    q, k, v and the result are ``[batch, heads, n, d]``; work and memory are linear in n. The first
    queries, whose windows are cut short by the beginning, see all that came before: plain causal
    attention. Behind them come whole blocks, then fewer queries than a block has.
    """
    batch, heads, n, d = q.shape
    reach = min(window, n) - 1
    blocks = (n - reach) // _BLOCK
    stop = reach + blocks * _BLOCK
    out = torch.empty_like(q)
    if reach:
        out[:, :, :reach] = scaled_dot_product_attention(
            q[:, :, :reach], k[:, :, :reach], v[:, :, :reach], is_causal=True
        )
    band = _band(reach, q.device)
    if blocks:
        queries = q[:, :, reach:stop].reshape(-1, blocks, _BLOCK, d)
        keys, values = (_windows(x[:, :, :stop], reach) for x in (k, v))
        body = scaled_dot_product_attention(queries, keys, values, attn_mask=band)
        out[:, :, reach:stop] = body.reshape(batch, heads, -1, d)
    if rest := n - stop:
        keys, values = (x[:, :, stop - reach :] for x in (k, v))
        out[:, :, stop:] = scaled_dot_product_attention(
            q[:, :, stop:], keys, values, attn_mask=band[:rest, : rest + reach]
        )
    return out


def _windows(x: Tensor, reach: int) -> Tensor:
    """Return what each block sees as a view ``[batch * heads, blocks, block + reach, d]``."""
    return x.flatten(0, 1).unfold(1, _BLOCK + reach, _BLOCK).transpose(-1, -2)


def _band(reach: int, device: torch.device) -> Tensor:
    """Return what is added to a block's scores; its first query sees the first reach + 1 keys."""
    row = torch.arange(_BLOCK, device=device)[:, None]
    column = torch.arange(_BLOCK + reach, device=device)[None, :]
    seen = (column >= row) & (column <= row + reach)
    return torch.zeros(seen.shape, device=device).masked_fill_(~seen, -math.inf)

"""Sliding-window attention with grouped queries: no key or value is ever repeated.

Ainslie et al., "GQA: Training Generalized Multi-Query Transformer Models from Multi-Head
Checkpoints", 2023, section 2.2, with the window of Jiang et al., "Mistral 7B", 2023, section 2.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

_BLOCK = 64


def attention(q: Tensor, k: Tensor, v: Tensor, window: int) -> Tensor:
    """Return attention in which query i sees key j when ``0 <= i - j < window``.

    q and the result are ``[batch, heads, n, d]``, k and v ``[batch, kv_heads, n, d]``; query head h
    uses KV head h // groups. Every KV head is taken with the query heads of its group, to which
    ``expand`` shows the same memory; work and memory are linear in n.
    """
    batch, kv_heads, n, d = k.shape
    queries = q.view(batch * kv_heads, -1, n, d)
    out = torch.empty_like(queries)
    band = _band(min(window, n) - 1, q.device)
    for group, q_one, k_one, v_one in zip(
        out, queries, k.flatten(0, 1), v.flatten(0, 1), strict=True
    ):
        _one_group(group, q_one, k_one, v_one, band)
    return out.view_as(q)


def _one_group(out: Tensor, q: Tensor, k: Tensor, v: Tensor, band: Tensor) -> None:
    """Fill ``out``: q and out are ``[groups, n, d]``, k and v ``[n, d]``."""
    groups, n, d = q.shape
    reach = band.shape[1] - _BLOCK
    blocks = (n - reach) // _BLOCK
    stop = reach + blocks * _BLOCK
    if reach:
        # The first queries see all that came before them.
        keys, values = (x[:reach].expand(1, groups, -1, -1) for x in (k, v))
        head = scaled_dot_product_attention(q[None, :, :reach], keys, values, is_causal=True)
        out[:, :reach] = head[0]
    if blocks:
        body = q[:, reach:stop].view(groups, blocks, _BLOCK, d)
        keys, values = (
            x[:stop].unfold(0, _BLOCK + reach, _BLOCK).transpose(-1, -2).expand(groups, -1, -1, -1)
            for x in (k, v)
        )
        attended = scaled_dot_product_attention(body, keys, values, attn_mask=band)
        out[:, reach:stop] = attended.flatten(1, 2)
    if rest := n - stop:
        keys, values = (x[stop - reach :].expand(1, groups, -1, -1) for x in (k, v))
        out[:, stop:] = scaled_dot_product_attention(
            q[None, :, stop:], keys, values, attn_mask=band[:rest, : rest + reach]
        )[0]


def _band(reach: int, device: torch.device) -> Tensor:
    """Return what is added to a block's scores; its first query sees the first reach + 1 keys."""
    row = torch.arange(_BLOCK, device=device)[:, None]
    column = torch.arange(_BLOCK + reach, device=device)[None, :]
    seen = (column >= row) & (column <= row + reach)
    return torch.zeros(seen.shape, device=device).masked_fill_(~seen, -math.inf)

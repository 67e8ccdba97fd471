"""A window to both sides, one diagonal of tiles after the other, merged as they come.

The pattern is Beltagy et al., "Longformer: The Long-Document Transformer", 2020, section 3.1;
keeping a running maximum and sum instead of all scores is Milakov and Gimelshein, "Online
normalizer calculation for softmax", 2018, as FlashAttention does (Dao et al., 2022).
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import pad

_BLOCK = 64


def attention(q: Tensor, k: Tensor, v: Tensor, window: int) -> Tensor:
    """Return attention in which query i sees key j when ``abs(i - j) <= window // 2``.

    q, k, v and the result are ``[batch, heads, n, d]``; work and memory are linear in n.
    """
    n, d = q.shape[2:]
    blocks = -(-n // _BLOCK)
    q, k, v = (_tiles(x, blocks) for x in (q / math.sqrt(d), k, v))
    top = q.new_full((*q.shape[:-1], 1), -math.inf)
    total, out = torch.zeros_like(top), torch.zeros_like(q)
    reach = window // 2
    farthest = min(-(-reach // _BLOCK), blocks - 1)
    # The main diagonal comes first: every query sees itself, so its maximum is finite from then on.
    for offset in sorted(range(-farthest, farthest + 1), key=abs):
        rows = slice(max(0, -offset), min(blocks, blocks - offset))
        columns = slice(rows.start + offset, rows.stop + offset)
        scores = q[:, :, rows] @ k[:, :, columns].transpose(-1, -2)
        scores.masked_fill_(_hidden(offset, columns, n, reach).to(q.device), -math.inf)
        new_top = torch.maximum(top[:, :, rows], scores.amax(-1, keepdim=True))
        shrink = (top[:, :, rows] - new_top).exp_()
        weights = scores.sub_(new_top).exp_()
        total[:, :, rows] = total[:, :, rows] * shrink + weights.sum(-1, keepdim=True)
        out[:, :, rows] = out[:, :, rows] * shrink + weights @ v[:, :, columns]
        top[:, :, rows] = new_top
    return (out / total).flatten(2, 3)[:, :, :n]


def _tiles(x: Tensor, blocks: int) -> Tensor:
    batch, heads, n, d = x.shape
    whole = pad(x, (0, 0, 0, blocks * _BLOCK - n))
    return whole.view(batch, heads, blocks, _BLOCK, d)


def _hidden(offset: int, columns: slice, n: int, reach: int) -> Tensor:
    """Return bool ``[tiles, block, block]``: too far apart, or padding past the last key."""
    inner = torch.arange(_BLOCK)
    far = (offset * _BLOCK + inner[None, :] - inner[:, None]).abs() > reach
    position = torch.arange(columns.start, columns.stop)[:, None] * _BLOCK + inner
    return far | (position >= n)[:, None, :]

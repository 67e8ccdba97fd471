"""A window to both sides and global tokens: two kinds of scores, one softmax, all blocks at once.

Beltagy et al., "Longformer: The Long-Document Transformer", 2020, section 3.1, whose own code joins
the scores of the global keys and those of the band before the softmax, as this does.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import pad

_BLOCK = 64


def attention(q: Tensor, k: Tensor, v: Tensor, window: int, n_global: int) -> Tensor:
    """Return attention in which i sees j when near, or when one of them is global.

    Near means ``abs(i - j) <= window // 2``, global means below ``n_global``. q, k, v and the
    result are ``[batch, heads, n, d]``; work and memory are linear in n for fixed parameters.
    """
    batch, heads, n, d = q.shape
    reach = min(window // 2, n - 1)
    scaled = q / math.sqrt(d)
    blocks = -(-n // _BLOCK)
    padded = pad(scaled, (0, 0, 0, blocks * _BLOCK - n))
    queries = padded.view(batch, heads, blocks, _BLOCK, d)
    keys, values = (_windows(x, blocks, reach) for x in (k, v))
    near = (queries @ keys).masked_fill_(
        _hidden(blocks, reach, n, n_global).to(q.device), -math.inf
    )
    everywhere = queries @ k[:, :, None, :n_global].transpose(-1, -2)
    weights = torch.cat([everywhere, near], dim=-1).softmax(-1)
    out = weights[..., :n_global] @ v[:, :, None, :n_global]
    out += weights[..., n_global:] @ values.transpose(-1, -2)
    out = out.flatten(2, 3)[:, :, :n]
    if n_global:
        rows = (scaled[:, :, :n_global] @ k.transpose(-1, -2)).softmax(-1)
        out[:, :, :n_global] = rows @ v
    return out


def _windows(x: Tensor, blocks: int, reach: int) -> Tensor:
    """Return what each block may be near to: ``[batch, heads, blocks, d, block + 2 * reach]``."""
    after = blocks * _BLOCK - x.shape[2] + reach
    return pad(x, (0, 0, reach, after)).unfold(2, _BLOCK + 2 * reach, _BLOCK)


def _hidden(blocks: int, reach: int, n: int, n_global: int) -> Tensor:
    """Return bool ``[blocks, block, block + 2 * reach]``: too far, no key at all, or a global key.

    Global keys have scores of their own. A query of the padding sees whatever is near, so that its
    softmax is not empty.
    """
    row = torch.arange(_BLOCK)[:, None]
    column = torch.arange(-reach, _BLOCK + reach)[None, :]
    start = torch.arange(blocks)[:, None, None] * _BLOCK
    position = start + column
    elsewhere = (position < n_global) | (position >= n)
    return ((row - column).abs() > reach) | (elsewhere & (start + row < n))

"""Block-sparse attention from a mask of tiles: gather the tiles that are seen, skip the others.

Child et al., "Generating Long Sequences with Sparse Transformers", 2019, section 5.4, and Gray,
Radford and Kingma, "GPU Kernels for Block-Sparse Weights", 2017.
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn.functional import pad, scaled_dot_product_attention

_GATHERED = 1 << 12  # keys gathered at a time, so that they stay in the processor's cache


def attention(q: Tensor, k: Tensor, v: Tensor, block_mask: Tensor, block_size: int) -> Tensor:
    """Return attention in which i sees j when ``block_mask[i // block_size, j // block_size]``.

    q, k, v and the result are ``[batch, heads, n, d]``. Blocks of queries that see equally many
    blocks of keys are computed together.
    """
    batch, heads, n, d = q.shape
    blocks = len(block_mask)
    whole = (0, 0, 0, blocks * block_size - n)
    queries, keys, values = (pad(x, whole).view(-1, blocks, block_size, d) for x in (q, k, v))
    out = torch.empty_like(queries)
    for rows, columns, cut in _alike(block_mask, partial=n % block_size > 0):
        step = max(1, _GATHERED // (columns.shape[1] * block_size))
        for some, theirs in zip(torch.split(rows, step), torch.split(columns, step), strict=True):
            out[:, some] = scaled_dot_product_attention(
                queries[:, some],
                _gathered(keys, theirs),
                _gathered(values, theirs),
                attn_mask=_padding(theirs, block_size, n) if cut else None,
            )
    return out.view(batch, heads, -1, d)[:, :, :n]


def _alike(block_mask: Tensor, *, partial: bool) -> Iterator[tuple[Tensor, Tensor, bool]]:
    """Yield row numbers, for each of them equally many columns, and whether the last is cut short.

    So only the few rows that see a partial last block have anything to mask.
    """
    kinds = 2 * block_mask.sum(dim=1)
    if partial:
        kinds += block_mask[:, -1]
    for kind in sorted(set(kinds.tolist())):
        rows = (kinds == kind).nonzero().squeeze(1)
        yield rows, block_mask[rows].nonzero()[:, 1].view(-1, kind // 2), kind % 2 == 1


def _gathered(tiles: Tensor, columns: Tensor) -> Tensor:
    """Return the keys or values of these tiles: ``[batch * heads, rows, keys, d]``."""
    picked = tiles.index_select(1, columns.flatten())
    return picked.view(len(tiles), len(columns), -1, tiles.shape[-1])


def _padding(columns: Tensor, block_size: int, n: int) -> Tensor:
    """Return what hides the keys past the end: ``[rows, block_size, keys]``."""
    position = columns[:, :, None] * block_size + torch.arange(block_size, device=columns.device)
    bias = (
        torch.zeros(position.shape, device=columns.device)
        .masked_fill_(position >= n, -math.inf)
        .flatten(1)
    )
    return bias[:, None].expand(-1, block_size, -1)

"""Block-sparse attention, the t-th tile of every row at once, merged by an online softmax.

Child et al., "Generating Long Sequences with Sparse Transformers", 2019, section 5.4; the merging
is Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import pad


def attention(q: Tensor, k: Tensor, v: Tensor, block_mask: Tensor, block_size: int) -> Tensor:
    """Return attention in which i sees j when ``block_mask[i // block_size, j // block_size]``.

    q, k, v and the result are ``[batch, heads, n, d]``. Blocks of queries are sorted by how many
    blocks of keys they see, so that those with a t-th one are the first few.
    """
    n, d = q.shape[2:]
    blocks = len(block_mask)
    q, k, v = (_tiles(x, blocks, block_size) for x in (q / math.sqrt(d), k, v))
    numbers, order = block_mask.sum(dim=1).sort(descending=True)
    # Seen columns come first in each row, in any order: a softmax knows none.
    columns = block_mask[order].to(torch.uint8).sort(dim=1, descending=True).indices
    queries = q[:, :, order]
    top = queries.new_full((*queries.shape[:-1], 1), -math.inf)
    total, out = torch.zeros_like(top), torch.zeros_like(queries)
    position = torch.arange(blocks * block_size, device=q.device)
    hidden = position.view(blocks, 1, block_size) >= n
    for t in range(int(numbers[0])):
        rows = slice(0, int((numbers > t).sum()))
        tile = columns[rows, t]
        scores = queries[:, :, rows] @ k[:, :, tile].transpose(-1, -2)
        scores.masked_fill_(hidden[tile], -math.inf)
        new_top = torch.maximum(top[:, :, rows], scores.amax(-1, keepdim=True))
        shrink = (top[:, :, rows] - new_top).exp_()
        weights = scores.sub_(new_top).exp_()
        total[:, :, rows] = total[:, :, rows] * shrink + weights.sum(-1, keepdim=True)
        out[:, :, rows] = out[:, :, rows] * shrink + weights @ v[:, :, tile]
        top[:, :, rows] = new_top
    result = torch.empty_like(out)
    result[:, :, order] = out / total
    return result.flatten(2, 3)[:, :, :n]


def _tiles(x: Tensor, blocks: int, block_size: int) -> Tensor:
    batch, heads, n, d = x.shape
    whole = pad(x, (0, 0, 0, blocks * block_size - n))
    return whole.view(batch, heads, blocks, block_size, d)

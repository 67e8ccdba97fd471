"""A piece of generated model solutions: read as text, imported by none of ours."""

import math
from collections.abc import Callable

import torch

Part = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def attend(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    stride: int,
    sees: Callable[..., torch.Tensor],
    may_see: Callable[..., torch.Tensor],
    tile: int = 64,
) -> Part:
    """Return each query's largest score, and sums of weights and of weighted values.

    Positions of one residue modulo stride stand together and meet each other alone. Of their tiles,
    those that may hold a pair are computed.
    """
    n, d = q.shape[2:]
    stride = min(stride, n)
    queries, keys, values = (by_residue(x, stride) for x in (q / math.sqrt(d), k, v))
    rounds = queries.shape[2]
    residues = torch.arange(stride, device=q.device)[:, None]
    starts = torch.arange(0, rounds, tile, device=q.device)
    first = starts * stride
    last = ((starts + tile) * stride - 1).clamp(max=n - 1)
    touched = may_see(first[:, None], last[:, None], first, last).expand(len(first), -1)
    inside = torch.arange(tile, device=q.device)
    largest = queries.new_full((*queries.shape[:3], 1), -math.inf)
    total, out = torch.zeros_like(largest), torch.zeros_like(queries)
    for row, start in enumerate(starts.tolist()):
        mine = torch.arange(start, min(start + tile, rounds), device=q.device)
        theirs = (touched[row].nonzero() * tile + inside).flatten()
        theirs = theirs[theirs < rounds]
        if len(theirs):
            i = (mine * stride + residues)[:, :, None]
            j = (theirs * stride + residues)[:, None, :]
            seen = sees(i.clamp(max=n - 1), j.clamp(max=n - 1)) & (j < n)
            found = summed(queries[:, :, mine], keys[:, :, theirs], values[:, :, theirs], seen)
            largest[:, :, mine], total[:, :, mine], out[:, :, mine] = found
    return by_position(largest, q), by_position(total, q), by_position(out, q)


def summed(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, seen: torch.Tensor) -> Part:
    """Return the largest score of each row, and sums of weights and of weighted values."""
    scores = (q @ k.transpose(-1, -2)).masked_fill_(~seen, -math.inf)
    largest = scores.amax(-1, keepdim=True)
    weights = scores.sub_(largest.clamp(min=torch.finfo(q.dtype).min)).exp_()
    return largest, weights.sum(-1, keepdim=True), weights @ v


def by_residue(x: torch.Tensor, stride: int) -> torch.Tensor:
    """Return [batch * heads, stride, rounds, d], zeros behind the last position."""
    n, d = x.shape[2:]
    rounds = -(-n // stride)
    padded = torch.nn.functional.pad(x, (0, 0, 0, rounds * stride - n))
    return padded.reshape(-1, rounds, stride, d).transpose(1, 2)


def by_position(x: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """Return what by_residue took apart, [batch, heads, n, d]."""
    batch, heads, n, _ = like.shape
    return x.transpose(1, 2).reshape(batch, heads, -1, x.shape[-1])[:, :, :n]


def merged(parts: list[Part]) -> torch.Tensor:
    """Return one softmax over the pairs of all parts, which share none."""
    best = torch.stack([largest for largest, _, _ in parts]).amax(0)
    shares = [(largest - best).exp() for largest, _, _ in parts]
    out = sum(share * values for share, (_, _, values) in zip(shares, parts, strict=True))
    total = sum(share * weights for share, (_, weights, _) in zip(shares, parts, strict=True))
    return torch.as_tensor(out / total)

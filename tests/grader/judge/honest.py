"""Ways to write masked attention in float32, all of them right."""

import math

import torch
from torch.nn.functional import scaled_dot_product_attention


def naive(q, k, v, mask):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return scores.masked_fill(~mask, -math.inf).softmax(-1) @ v


def sdpa(q, k, v, mask):
    return scaled_dot_product_attention(q, k, v, attn_mask=mask)


def einsum_scaled_before(q, k, v, mask):
    scores = torch.einsum("bhid,bhjd->bhij", q / math.sqrt(q.shape[-1]), k)
    weights = scores.masked_fill(~mask, -math.inf).softmax(-1)
    return torch.einsum("bhij,bhjd->bhid", weights, v)


def scaled_twice_by_the_fourth_root(q, k, v, mask):
    root = q.shape[-1] ** -0.25
    scores = (q * root) @ (k * root).transpose(-1, -2)
    return scores.masked_fill(~mask, -math.inf).softmax(-1) @ v


def rows_in_chunks(q, k, v, mask):
    parts = [
        naive(q[:, :, start : start + 7], k, v, mask[start : start + 7])
        for start in range(0, q.shape[2], 7)
    ]
    return torch.cat(parts, dim=2)


def log_sum_exp_merge(q, k, v, mask):
    """Keys in chunks of 5, merged with a running maximum as FlashAttention does."""
    q = q / math.sqrt(q.shape[-1])
    best = torch.full(q.shape[:-1], -math.inf)[..., None]
    total, out = torch.zeros_like(best), torch.zeros_like(q)
    for start in range(0, k.shape[2], 5):
        chunk = slice(start, start + 5)
        scores = (q @ k[:, :, chunk].transpose(-1, -2)).masked_fill(~mask[:, chunk], -math.inf)
        new = torch.maximum(best, scores.amax(-1, keepdim=True))
        safe = new.masked_fill(new == -math.inf, 0.0)
        weights, decay = (scores - safe).exp(), (best - safe).exp()
        total = total * decay + weights.sum(-1, keepdim=True)
        out = out * decay + weights @ v[:, :, chunk]
        best = new
    return out / total


def two_halves_by_logaddexp(q, k, v, mask):
    scores = (q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])).masked_fill(~mask, -math.inf)
    half = (k.shape[2] + 1) // 2
    parts, sizes = [], []
    for piece in (slice(0, half), slice(half, None)):
        sizes.append(scores[..., piece].logsumexp(-1, keepdim=True))
        weights = scores[..., piece].softmax(-1).nan_to_num()
        parts.append(weights @ v[:, :, piece])
    whole = torch.logaddexp(*sizes)
    return sum((size - whole).exp() * part for size, part in zip(sizes, parts, strict=True))


def exp2_base(q, k, v, mask):
    """Softmax in base 2, as kernels write it."""
    scores = (q * (math.log2(math.e) / math.sqrt(q.shape[-1]))) @ k.transpose(-1, -2)
    scores = scores.masked_fill(~mask, -math.inf)
    weights = torch.exp2(scores - scores.amax(-1, keepdim=True))
    return (weights @ v) / weights.sum(-1, keepdim=True)


VARIANTS = (
    naive,
    sdpa,
    einsum_scaled_before,
    scaled_twice_by_the_fourth_root,
    rows_in_chunks,
    log_sum_exp_merge,
    two_halves_by_logaddexp,
    exp2_base,
)

# expect: crashed
# Takes the largest of the global scores, of which there may be none.
import math

import torch


def attention(q, k, v, window, n_global):
    n = q.shape[2]
    i, j = torch.arange(n)[:, None], torch.arange(n)[None, :]
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    seen = ((i - j).abs() <= window // 2) | (i < n_global) | (j < n_global)
    top = scores[..., :n_global].amax(-1, keepdim=True)
    weights = (scores - top).masked_fill(~seen, -math.inf).exp()
    return weights / weights.sum(-1, keepdim=True) @ v

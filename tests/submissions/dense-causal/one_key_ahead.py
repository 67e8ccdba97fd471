# expect: wrong_pairs
# A query sees one key of the future: `tril(1)`.
import math

import torch


def attention(q, k, v):
    n = q.shape[2]
    seen = torch.ones(n, n, dtype=torch.bool).tril(1)
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return scores.masked_fill(~seen, -math.inf).softmax(-1) @ v

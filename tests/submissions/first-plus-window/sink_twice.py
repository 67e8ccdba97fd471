# expect: wrong_output
# Queries 0 to 2 count key 0 twice: once as the first key, once in the window.
import math

import torch


def attention(q, k, v):
    n, d = q.shape[2:]
    position = torch.arange(n)[:, None] - torch.tensor([[2, 1, 0]])
    index = torch.cat([torch.zeros(n, 1, dtype=torch.long), position.clamp_min(0)], dim=1)
    hidden = torch.cat([torch.zeros(n, 1, dtype=torch.bool), position < 0], dim=1)
    scores = (k[:, :, index] @ q[..., None]).squeeze(-1) / math.sqrt(d)
    weights = scores.masked_fill(hidden, -math.inf).softmax(-1)
    return (weights[..., None, :] @ v[:, :, index]).squeeze(-2)

# expect: too_slow
# The right pairs alone, but one lag at a time by elementwise products: no matrix product at all.
import math

import torch


def attention(q, k, v, stride):
    n, d = q.shape[2:]
    top = (q * k).sum(-1, keepdim=True) / math.sqrt(d)
    total, out = torch.ones_like(top), v.clone()
    for lag in range(stride, n, stride):
        scores = (q[:, :, lag:] * k[:, :, :-lag]).sum(-1, keepdim=True) / math.sqrt(d)
        new = torch.maximum(top[:, :, lag:], scores)
        shrink, weight = (top[:, :, lag:] - new).exp(), (scores - new).exp()
        total[:, :, lag:] = total[:, :, lag:] * shrink + weight
        out[:, :, lag:] = out[:, :, lag:] * shrink + weight * v[:, :, :-lag]
        top[:, :, lag:] = new
    return out / total

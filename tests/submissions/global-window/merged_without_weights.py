# expect: wrong_output
# Window and global keys each have a softmax of their own; the results are averaged.
import math

import torch


def attention(q, k, v, window, n_global):
    n = q.shape[2]
    i, j = torch.arange(n)[:, None], torch.arange(n)[None, :]
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    near = ((i - j).abs() <= window // 2) | (i < n_global)
    out = scores.masked_fill(~near, -math.inf).softmax(-1) @ v
    if n_global == 0:
        return out
    far = scores[..., :n_global].softmax(-1) @ v[:, :, :n_global]
    return torch.where((torch.arange(n) < n_global)[:, None], out, (out + far) / 2)

# expect: wrong_output
# Global keys inside the window are counted twice.
import math

import torch
import torch.nn.functional as F


def attention(q, k, v, window, n_global):
    n, d = q.shape[2:]
    reach, block = window // 2, 64
    parts = [F.scaled_dot_product_attention(q[:, :, :n_global], k, v)] if n_global else []
    for start in range(n_global, n, block):
        stop = min(start + block, n)
        first, last = max(0, start - reach), min(n, stop + reach)
        near = (torch.arange(start, stop)[:, None] - torch.arange(first, last)).abs() <= reach
        seen = torch.cat([torch.ones(stop - start, n_global).bool(), near], 1)
        keys, values = (torch.cat([x[:, :, :n_global], x[:, :, first:last]], 2) for x in (k, v))
        scores = q[:, :, start:stop] @ keys.transpose(-1, -2) / math.sqrt(d)
        parts.append(scores.masked_fill(~seen, -math.inf).softmax(-1) @ values)
    return torch.cat(parts, dim=2)

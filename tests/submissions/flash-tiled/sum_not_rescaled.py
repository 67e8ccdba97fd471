# expect: wrong_output
# When the maximum rises, the weighted sum of values is brought to it, the sum of weights is not.
import math

import torch


def attention(q, k, v):
    n, d = q.shape[2:]
    out = torch.empty_like(q)
    for start in range(0, n, 16):
        stop = min(start + 16, n)
        rows = q[:, :, start:stop] / math.sqrt(d)
        m = torch.full((*rows.shape[:3], 1), -math.inf)
        total, acc = torch.zeros_like(m), torch.zeros_like(rows)
        for first in range(0, stop, 16):
            last = min(first + 16, stop)
            s = rows @ k[:, :, first:last].transpose(-1, -2)
            if first == start:
                s = s.masked_fill(torch.ones(stop - start, last - first).triu(1).bool(), -math.inf)
            high = torch.maximum(m, s.amax(-1, keepdim=True))
            p = (s - high).exp()
            total = total + p.sum(-1, keepdim=True)
            acc = acc * (m - high).exp() + p @ v[:, :, first:last]
            m = high
        out[:, :, start:stop] = acc / total
    return out

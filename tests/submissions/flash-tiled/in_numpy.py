# expect: passed
# The online softmax in numpy, tiles of the past without a mask, the diagonal tile last.
import numpy as np
import torch


def attention(q, k, v):
    q, k, v = q.numpy(), k.numpy(), v.numpy()
    n, d = q.shape[2:]
    block = 256
    out = np.empty_like(q)
    for start in range(0, n, block):
        stop = min(start + block, n)
        rows = q[:, :, start:stop] / np.float32(np.sqrt(d))
        m = np.full((*rows.shape[:3], 1), -np.inf, dtype=np.float32)
        total, acc = np.zeros_like(m), np.zeros_like(rows)
        for first in range(0, stop, block):
            s = rows @ k[:, :, first : min(first + block, stop)].swapaxes(-1, -2)
            if first == start:
                s = np.where(np.tri(stop - start, dtype=bool), s, np.float32(-np.inf))
            high = np.maximum(m, s.max(-1, keepdims=True))
            p = np.exp(s - high)
            fade = np.exp(m - high)
            total = total * fade + p.sum(-1, keepdims=True)
            acc = acc * fade + p @ v[:, :, first : min(first + block, stop)]
            m = high
        out[:, :, start:stop] = acc / total
    return torch.from_numpy(out)

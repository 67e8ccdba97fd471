# expect: passed
# Longformer's way: chunks of one window attend to themselves and to the chunk before them.
import math

import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    batch, heads, n, d = q.shape
    w = min(window, n)
    chunks = math.ceil(n / w)
    q, k, v = (F.pad(x, (0, 0, 0, chunks * w - n)).view(batch, heads, chunks, w, d) for x in (q, k, v))
    before_k, before_v = (F.pad(x, (0, 0, 0, 0, 1, 0))[:, :, :-1] for x in (k, v))
    keys, values = torch.cat([before_k, k], dim=3), torch.cat([before_v, v], dim=3)
    row, column = torch.arange(w)[:, None] + w, torch.arange(2 * w)[None, :]
    seen = (column <= row) & (row - column < window)
    first = torch.arange(chunks)[:, None, None] == 0
    seen = seen[None] & ~(first & (column < w)[None])
    scores = torch.einsum("bhcid,bhcjd->bhcij", q, keys) / math.sqrt(d)
    weights = scores.masked_fill(~seen, -math.inf).softmax(-1)
    out = torch.einsum("bhcij,bhcjd->bhcid", weights, values)
    return out.reshape(batch, heads, chunks * w, d)[:, :, :n]

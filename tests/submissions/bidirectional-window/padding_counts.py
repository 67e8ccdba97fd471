# expect: wrong_output
# Keys are padded with zeros on both sides, and the padding is not masked: it takes weight.
import math

import torch


def attention(q, k, v, window):
    n, d = q.shape[2:]
    half = window // 2
    keys, values = (
        torch.nn.functional.pad(x, (0, 0, half, half)).unfold(2, 2 * half + 1, 1) for x in (k, v)
    )
    scores = torch.einsum("bhid,bhidj->bhij", q, keys) / math.sqrt(d)
    return torch.einsum("bhij,bhidj->bhid", scores.softmax(-1), values)

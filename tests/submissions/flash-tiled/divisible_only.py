# expect: crashed
# Assumes that n is a multiple of 64.
import math

import torch


def attention(q, k, v):
    batch, heads, n, d = q.shape
    tiles = q.view(batch, heads, n // 64, 64, d) @ k.view(batch, heads, n // 64, 64, d).transpose(
        -1, -2
    )
    return (tiles / math.sqrt(d)).softmax(-1).view(batch, heads, n, 64) @ v[:, :, :64]

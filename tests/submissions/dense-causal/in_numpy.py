# expect: passed
# The same in numpy, with the softmax written out, and a print.
import math

import numpy as np
import torch


def attention(q, k, v):
    q, k, v = q.numpy(), k.numpy(), v.numpy()
    n, d = q.shape[2:]
    scores = q @ k.swapaxes(-1, -2) / np.float32(math.sqrt(d))
    scores = np.where(np.tri(n, dtype=bool), scores, np.float32(-np.inf))
    scores = np.exp(scores - scores.max(-1, keepdims=True))
    print("n =", n)
    return torch.from_numpy(scores / scores.sum(-1, keepdims=True) @ v)

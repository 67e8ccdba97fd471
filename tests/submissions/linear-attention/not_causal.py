# expect: wrong_output
# The sums run over all keys, those of the future too.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    q, k = F.elu(q) + 1, F.elu(k) + 1
    return q @ (k.transpose(-1, -2) @ v) / (q @ k.sum(2).unsqueeze(-1))

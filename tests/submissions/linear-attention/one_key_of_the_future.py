# expect: wrong_output
# One key too many on the other side: j <= i + 1.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    q, k = F.elu(q) + 1, F.elu(k) + 1
    weights = (q @ k.transpose(-1, -2)).tril(1)
    return weights @ v / weights.sum(-1, keepdim=True)

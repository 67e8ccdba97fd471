# expect: too_much_memory
# All weights at once: right, and quadratic.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    weights = ((F.elu(q) + 1) @ (F.elu(k) + 1).transpose(-1, -2)).tril()
    return weights @ v / weights.sum(-1, keepdim=True)

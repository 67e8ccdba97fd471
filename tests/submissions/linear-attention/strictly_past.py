# expect: wrong_output
# `j < i` where `j <= i` is meant; the first row, which then sees nothing, is patched.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    q, k = F.elu(q) + 1, F.elu(k) + 1
    weights = (q @ k.transpose(-1, -2)).tril(-1)
    weights[:, :, 0, 0] = 1
    return weights @ v / weights.sum(-1, keepdim=True)

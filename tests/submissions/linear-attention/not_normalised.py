# expect: wrong_output
# The division by the sum of the weights is forgotten.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    return ((F.elu(q) + 1) @ (F.elu(k) + 1).transpose(-1, -2)).tril() @ v

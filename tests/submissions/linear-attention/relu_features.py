# expect: wrong_output
# relu(x) + 1 as the feature map: right where x is positive.
import torch


def attention(q, k, v):
    weights = ((torch.relu(q) + 1) @ (torch.relu(k) + 1).transpose(-1, -2)).tril()
    return weights @ v / weights.sum(-1, keepdim=True)

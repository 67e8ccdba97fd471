# expect: wrong_output
# Scores are divided by sqrt(d) before the feature map, as a softmax would ask.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    q, k = F.elu(q / q.shape[-1] ** 0.25) + 1, F.elu(k / q.shape[-1] ** 0.25) + 1
    weights = (q @ k.transpose(-1, -2)).tril()
    return weights @ v / weights.sum(-1, keepdim=True)

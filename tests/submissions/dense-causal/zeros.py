# expect: wrong_pairs
# Attends to nothing at all.
import torch


def attention(q, k, v):
    return torch.zeros_like(q)

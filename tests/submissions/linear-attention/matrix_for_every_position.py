# expect: too_much_memory
# The cumulative sum of outer products: a d × d matrix for every position.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    q, k = F.elu(q) + 1, F.elu(k) + 1
    matrices = torch.einsum("bhnd,bhne->bhnde", k, v).cumsum(2)
    total = (q * k.cumsum(2)).sum(-1, keepdim=True)
    return torch.einsum("bhnd,bhnde->bhne", q, matrices) / total

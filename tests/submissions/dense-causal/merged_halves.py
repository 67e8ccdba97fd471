# expect: passed
# Two halves of the keys, merged by their log-sum-exp; the result is a view of other strides.
import math

import torch


def attention(q, k, v):
    n, d = q.shape[2:]
    future = torch.ones(n, n, dtype=torch.bool).triu(1)
    scores = (torch.einsum("bhid,bhjd->bhij", q, k) / math.sqrt(d)).masked_fill(future, -math.inf)
    half = (n + 1) // 2
    left, right = scores[..., :half], scores[..., half:]
    a = left.logsumexp(-1, keepdim=True)
    out_a = left.softmax(-1) @ v[:, :, :half]
    if half == n:
        return out_a
    b = right.logsumexp(-1, keepdim=True)
    out_b = right.softmax(-1).nan_to_num() @ v[:, :, half:]
    total = torch.logaddexp(a, b)
    out = (a - total).exp() * out_a + (b - total).exp() * out_b
    return out.transpose(1, 2).contiguous().transpose(1, 2)

# expect: passed
# Divide and conquer: the second half sees the first through its sums, each half goes on by itself.
import torch
import torch.nn.functional as F


def sums(q, k, v):
    n = q.shape[2]
    if n <= 128:
        return (q @ k.transpose(-1, -2)).tril() @ v
    half = n // 2
    first = sums(q[:, :, :half], k[:, :, :half], v[:, :, :half])
    across = q[:, :, half:] @ (k[:, :, :half].transpose(-1, -2) @ v[:, :, :half])
    second = sums(q[:, :, half:], k[:, :, half:], v[:, :, half:])
    return torch.cat([first, second + across], dim=2)


def attention(q, k, v):
    both = sums(F.elu(q) + 1, F.elu(k) + 1, F.pad(v, (0, 1), value=1.0))
    return both[..., :-1] / both[..., -1:]

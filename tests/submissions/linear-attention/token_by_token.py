# expect: too_slow
# The recurrent form in a Python loop over tokens: linear, and slow.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    q, k = F.elu(q) + 1, F.elu(k) + 1
    memory = torch.zeros(*q.shape[:2], q.shape[3], v.shape[3])
    mass = torch.zeros(*q.shape[:2], 1, q.shape[3])
    out = torch.empty_like(v)
    for i in range(q.shape[2]):
        now = slice(i, i + 1)
        memory += k[:, :, now].transpose(-1, -2) * v[:, :, now]
        mass += k[:, :, now]
        out[:, :, now] = q[:, :, now] @ memory / (q[:, :, now] * mass).sum(-1, keepdim=True)
    return out

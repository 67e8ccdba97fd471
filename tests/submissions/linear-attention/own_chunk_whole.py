# expect: wrong_output
# Each chunk sees the chunks before it, and itself without the triangle.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    q, k = F.elu(q) + 1, F.elu(k) + 1
    memory, mass, out = 0, 0, []
    for a, b, c in zip(q.split(64, 2), k.split(64, 2), v.split(64, 2)):
        memory = memory + b.transpose(-1, -2) @ c
        mass = mass + b.sum(2).unsqueeze(-1)
        out.append(a @ memory / (a @ mass))
    return torch.cat(out, dim=2)

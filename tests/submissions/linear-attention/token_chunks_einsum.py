# expect: passed
# Chunks with einsum; state and normaliser travel in one matrix with a column of ones.
import torch
import torch.nn.functional as F


def attention(q, k, v):
    batch, heads, n, d = q.shape
    fq, fk = F.elu(q) + 1, F.elu(k) + 1
    v1 = torch.cat([v, torch.ones(batch, heads, n, 1)], dim=-1)
    memory = torch.zeros(batch, heads, d, d + 1)
    out = []
    for a, b, c in zip(fq.split(96, 2), fk.split(96, 2), v1.split(96, 2)):
        near = torch.einsum("bhid,bhjd->bhij", a, b).tril()
        both = torch.einsum("bhij,bhje->bhie", near, c) + torch.einsum("bhid,bhde->bhie", a, memory)
        out.append(both[..., :-1] / both[..., -1:])
        memory = memory + torch.einsum("bhjd,bhje->bhde", b, c)
    return torch.cat(out, dim=2)

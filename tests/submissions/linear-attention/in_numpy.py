# expect: passed
# numpy, chunk by chunk, the sums in float64; phi without elu: x + 1 above zero, exp(x) below.
import numpy as np
import torch


def phi(x):
    return np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))


def attention(q, k, v):
    q, k, v = phi(q.numpy()), phi(k.numpy()), v.numpy()
    n = q.shape[2]
    out = np.empty_like(v)
    memory = np.zeros((*q.shape[:2], q.shape[3], v.shape[3]))
    mass = np.zeros((*q.shape[:2], q.shape[3], 1))
    for start in range(0, n, 128):
        part = slice(start, start + 128)
        near = np.tril(q[:, :, part] @ k[:, :, part].swapaxes(-1, -2))
        above = near @ v[:, :, part] + q[:, :, part] @ memory
        below = near.sum(-1, keepdims=True) + q[:, :, part] @ mass
        out[:, :, part] = above / below
        memory += k[:, :, part].swapaxes(-1, -2) @ v[:, :, part]
        mass += k[:, :, part].sum(2)[..., None]
    return torch.from_numpy(out)

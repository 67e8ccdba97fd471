# expect: passed
# numpy between the shifts, in float64 but for what is sent.
import numpy as np
import torch


def partial(q, k, v, causal):
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    if causal:
        scores = np.where(np.tri(q.shape[2], dtype=bool), scores, -np.inf)
    high = scores.max(-1, keepdims=True)
    weights = np.exp(scores - high)
    total = weights.sum(-1, keepdims=True)
    return weights @ v / total, high + np.log(total)


def attention(q, k, v, ring):
    queries = q.numpy().astype(np.float64)
    out, mass = partial(queries, k.numpy(), v.numpy(), True)
    held = torch.stack((k, v))
    for source in range(ring.rank - 1, ring.rank - ring.size, -1):
        held = ring.shift(held)
        if source < 0:
            continue
        part, part_mass = partial(queries, held[0].numpy(), held[1].numpy(), False)
        whole = np.logaddexp(mass, part_mass)
        out = out * np.exp(mass - whole) + part * np.exp(part_mass - whole)
        mass = whole
    return torch.from_numpy(out.astype(np.float32))

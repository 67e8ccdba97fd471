# expect: wrong_pairs
# The cache lies in the module instead of the state: the next sequence finds the last one's tokens.
import torch
import torch.nn.functional as F

CACHES = {}


def step(q, k, v, state, window, n_sink):
    key = (q.shape, window, n_sink)
    new = torch.stack([k, v])
    held = torch.cat([CACHES[key], new], dim=3) if key in CACHES else new
    if held.shape[3] > n_sink + window:
        held = torch.cat([held[:, :, :, :n_sink], held[:, :, :, n_sink + 1 :]], dim=3)
    CACHES[key] = held
    return F.scaled_dot_product_attention(q, held[0], held[1])

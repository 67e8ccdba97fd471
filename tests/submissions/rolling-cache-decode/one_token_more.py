# expect: wrong_pairs
# The window is one token too wide.
import torch
import torch.nn.functional as F


def step(q, k, v, state, window, n_sink):
    new = torch.stack([k, v])
    held = torch.cat([state["held"], new], dim=3) if state else new
    if held.shape[3] > n_sink + window + 1:
        held = torch.cat([held[:, :, :, :n_sink], held[:, :, :, n_sink + 1 :]], dim=3)
    state["held"] = held
    return F.scaled_dot_product_attention(q, held[0], held[1])

# expect: wrong_output
# The factor 1/sqrt(d) is forgotten.
import torch
import torch.nn.functional as F


def step(q, k, v, state, window, n_sink):
    new = torch.stack([k, v])
    held = torch.cat([state["held"], new], dim=3) if state else new
    if held.shape[3] > n_sink + window:
        held = torch.cat([held[:, :, :, :n_sink], held[:, :, :, n_sink + 1 :]], dim=3)
    state["held"] = held
    return F.scaled_dot_product_attention(q, held[0], held[1], scale=1.0)

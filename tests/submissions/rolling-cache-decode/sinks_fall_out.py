# expect: wrong_pairs
# A window alone: the sinks leave with the rest.
import torch
import torch.nn.functional as F


def step(q, k, v, state, window, n_sink):
    new = torch.stack([k, v])
    held = torch.cat([state["held"], new], dim=3) if state else new
    state["held"] = held[:, :, :, -window:].clone()
    return F.scaled_dot_product_attention(q, state["held"][0], state["held"][1])

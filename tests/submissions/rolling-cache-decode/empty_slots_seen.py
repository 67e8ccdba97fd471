# expect: wrong_output
# Slots that are not written yet are attended to: zeros as keys still have a score.
import torch
import torch.nn.functional as F


def step(q, k, v, state, window, n_sink):
    batch, heads, _, d = q.shape
    if not state:
        state["t"], state["kv"] = 0, torch.zeros(2, batch, heads, n_sink + window, d)
    t = state["t"]
    slot = t if t < n_sink else n_sink + (t - n_sink) % window
    state["kv"][0, :, :, slot], state["kv"][1, :, :, slot] = k[:, :, 0], v[:, :, 0]
    state["t"] += 1
    return F.scaled_dot_product_attention(q, state["kv"][0], state["kv"][1])

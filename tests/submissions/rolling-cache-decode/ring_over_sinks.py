# expect: wrong_pairs
# The ring runs over the whole buffer, so that the sinks are overwritten after one round.
import torch
import torch.nn.functional as F


def step(q, k, v, state, window, n_sink):
    batch, heads, _, d = q.shape
    slots = n_sink + window
    if not state:
        state["t"], state["kv"] = 0, torch.zeros(2, batch, heads, slots, d)
    slot = state["t"] % slots
    state["kv"][0, :, :, slot], state["kv"][1, :, :, slot] = k[:, :, 0], v[:, :, 0]
    state["t"] += 1
    keys, values = state["kv"][:, :, :, : min(state["t"], slots)]
    return F.scaled_dot_product_attention(q, keys, values)

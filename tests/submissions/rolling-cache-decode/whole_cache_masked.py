# expect: too_much_memory
# Keeps every token in a growing buffer and hides what the rule does not allow.
import torch
import torch.nn.functional as F


def step(q, k, v, state, window, n_sink):
    if not state:
        state["t"], state["kv"] = 0, torch.stack([k, v])
    i = state["t"]
    if i == state["kv"].shape[3]:
        state["kv"] = torch.cat([state["kv"], torch.zeros_like(state["kv"])], dim=3)
    state["kv"][0, :, :, i], state["kv"][1, :, :, i] = k[:, :, 0], v[:, :, 0]
    state["t"] += 1
    j = torch.arange(i + 1)
    seen = (i - j < window) | (j < n_sink)
    keys, values = state["kv"][:, :, :, : i + 1]
    return F.scaled_dot_product_attention(q, keys, values, attn_mask=seen[None])

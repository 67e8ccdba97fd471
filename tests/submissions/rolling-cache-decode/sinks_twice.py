# expect: wrong_output
# Early in the sequence, tokens that are sinks and in the window too are counted twice.
import torch
import torch.nn.functional as F


def step(q, k, v, state, window, n_sink):
    new = torch.stack([k, v])
    recent = torch.cat([state["recent"], new], dim=3) if state else new
    state["recent"] = recent[:, :, :, -window:].clone()
    sinks = state.get("sinks", new[:, :, :, :0])
    state["sinks"] = torch.cat([sinks, new], dim=3)[:, :, :, :n_sink].clone()
    keys, values = torch.cat([state["sinks"], state["recent"]], dim=3)
    return F.scaled_dot_product_attention(q, keys, values)

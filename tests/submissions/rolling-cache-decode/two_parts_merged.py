# expect: passed
# Sinks and window are attended to apart and merged by their log-sum-exp.
import math

import torch


def part(q, keys, values):
    scores = q @ keys.transpose(-1, -2) / math.sqrt(q.shape[-1])
    mass = scores.logsumexp(-1, keepdim=True)
    return (scores - mass).exp() @ values, mass


def step(q, k, v, state, window, n_sink):
    t = state["t"] = state.get("t", -1) + 1
    names = ("sink_keys", "sink_values") if t < n_sink else ("keys", "values")
    for name, new in zip(names, (k, v)):
        held = state.get(name, new[:, :, :0])
        first = max(0, held.shape[2] - window + 1) if name in ("keys", "values") else 0
        state[name] = torch.cat([held[:, :, first:], new], dim=2)
    if t < n_sink:
        return part(q, state["sink_keys"], state["sink_values"])[0]
    out, mass = part(q, state["keys"], state["values"])
    if n_sink:
        sinks, sink_mass = part(q, state["sink_keys"], state["sink_values"])
        # The share of the sinks is e^a / (e^a + e^b).
        out = torch.lerp(out, sinks, torch.sigmoid(sink_mass - mass))
    return out

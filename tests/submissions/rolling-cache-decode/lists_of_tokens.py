# expect: passed
# A list of the sinks and a deque of the window, put together at every step.
from collections import deque

import torch
import torch.nn.functional as F


def step(q, k, v, state, window, n_sink):
    sinks = state.setdefault("sinks", [])
    recent = state.setdefault("recent", deque(maxlen=window))
    (sinks if len(sinks) < n_sink else recent).append(torch.cat([k, v], dim=-1))
    keys, values = torch.cat([*sinks, *recent], dim=2).chunk(2, dim=-1)
    return F.scaled_dot_product_attention(q, keys, values)

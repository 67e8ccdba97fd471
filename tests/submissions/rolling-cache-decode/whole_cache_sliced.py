# expect: too_much_memory
# Attends to few tokens, so each step is quick, but never lets go of any.
import torch
import torch.nn.functional as F


def step(q, k, v, state, window, n_sink):
    tokens = state.setdefault("tokens", [])
    tokens.append((k.clone(), v.clone()))
    first = max(n_sink, len(tokens) - window)
    kept = tokens[:n_sink] + tokens[first:]
    keys, values = (torch.cat(list(side), dim=2) for side in zip(*kept))
    return F.scaled_dot_product_attention(q, keys, values)

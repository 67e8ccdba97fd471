# expect: wrong_output
# Partial results are averaged, as if every shard had the same weight.
import torch
import torch.nn.functional as F


def attention(q, k, v, ring):
    out = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    held = torch.stack([k, v])
    for step in range(1, ring.size):
        held = ring.shift(held)
        if step <= ring.rank:
            out = out + F.scaled_dot_product_attention(q, held[0], held[1])
    return out / (ring.rank + 1)

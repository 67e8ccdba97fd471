# expect: crashed
# Asks the ring for what it does not offer.
import torch


def attention(q, k, v, ring):
    ring.send(torch.stack([k, v]), (ring.rank + 1) % ring.size)
    return q

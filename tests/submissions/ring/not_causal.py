# expect: wrong_pairs
# All shards are attended to, those of the future too.
import torch
import torch.nn.functional as F


def attention(q, k, v, ring):
    shards = [torch.stack([k, v])]
    for _ in range(ring.size - 1):
        shards.append(ring.shift(shards[-1]))
    keys, values = torch.cat(shards, dim=3)
    return F.scaled_dot_product_attention(q, keys, values)

# expect: wrong_pairs
# Positions within the shard are taken for positions of the sequence: earlier shards get a triangle.
import torch
import torch.nn.functional as F


def attention(q, k, v, ring):
    n = q.shape[2]
    shards, mask = [torch.stack([k, v])], torch.ones(n, n).tril().bool()
    for _ in range(ring.size - 1):
        shards.append(ring.shift(shards[-1]))
    keys, values = torch.cat(shards[: ring.rank + 1], dim=3)
    return F.scaled_dot_product_attention(q, keys, values, attn_mask=mask.repeat(1, ring.rank + 1))

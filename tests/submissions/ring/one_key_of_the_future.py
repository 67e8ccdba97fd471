# expect: wrong_pairs
# The triangle of the own shard is one place too wide.
import torch
import torch.nn.functional as F


def attention(q, k, v, ring):
    n = q.shape[2]
    shards = [torch.stack([k, v])]
    for _ in range(ring.size - 1):
        shards.append(ring.shift(shards[-1]))
    keys, values = torch.cat(shards[ring.rank :: -1], dim=3)
    i = torch.arange(n)[:, None] + ring.rank * n
    j = torch.arange(keys.shape[2])[None, :]
    return F.scaled_dot_product_attention(q, keys, values, attn_mask=j <= i + 1)

# expect: wrong_output
# Sends bfloat16 to halve the traffic.
import torch
import torch.nn.functional as F


def attention(q, k, v, ring):
    n = q.shape[2]
    shards = [torch.stack([k, v]).bfloat16()]
    for _ in range(ring.size - 1):
        shards.append(ring.shift(shards[-1]))
    keys, values = torch.cat(shards[ring.rank :: -1], dim=3).float()
    i = torch.arange(n)[:, None] + ring.rank * n
    seen = torch.arange(keys.shape[2])[None, :] <= i
    return F.scaled_dot_product_attention(q, keys, values, attn_mask=seen)

# expect: too_much_memory
# Works in float64 and sends float64: twice the bytes.
import torch
import torch.nn.functional as F


def attention(q, k, v, ring):
    n = q.shape[2]
    shards = [torch.stack([k, v]).double()]
    for _ in range(ring.size - 1):
        shards.append(ring.shift(shards[-1]))
    keys, values = torch.cat(shards[ring.rank :: -1], dim=3)
    i = torch.arange(n)[:, None] + ring.rank * n
    seen = torch.arange(keys.shape[2])[None, :] <= i
    return F.scaled_dot_product_attention(q.double(), keys, values, attn_mask=seen).float()

# expect: too_much_memory
# Sends on everything received so far each time, where the newest shard is enough.
import torch
import torch.nn.functional as F


def attention(q, k, v, ring):
    n = q.shape[2]
    own = torch.stack([k, v])
    held = own
    for _ in range(ring.size - 1):
        held = torch.cat([ring.shift(held), own], dim=3)
    keys, values = held[:, :, :, (ring.size - 1 - ring.rank) * n :]
    i = torch.arange(n)[:, None] + ring.rank * n
    seen = torch.arange(keys.shape[2])[None, :] <= i
    return F.scaled_dot_product_attention(q, keys, values, attn_mask=seen)

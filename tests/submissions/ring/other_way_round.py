# expect: wrong_pairs
# Takes the shift to come from the next rank: the wrong shards are dropped as the future.
import torch
import torch.nn.functional as F


def attention(q, k, v, ring):
    n = q.shape[2]
    held = torch.stack([k, v])
    kept, masks = [held], [torch.ones(n, n).tril().bool()]
    for step in range(1, ring.size):
        held = ring.shift(held)
        if (ring.rank + step) % ring.size < ring.rank:
            kept.append(held)
            masks.append(torch.ones(n, n).bool())
    keys, values = torch.cat(kept, dim=3)
    return F.scaled_dot_product_attention(q, keys, values, attn_mask=torch.cat(masks, 1))

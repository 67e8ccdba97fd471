# expect: wrong_pairs
# The window misses the query itself: `0 < i - j` where `0 <= i - j` is meant.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    n = q.shape[2]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    seen = (distance > 0) & (distance < window)
    seen[0, 0] = True
    seen |= ~seen.any(-1, keepdim=True) & (distance == 0)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

# expect: wrong_pairs
# Nothing is sent: each rank attends to its own shard alone.
import torch.nn.functional as F


def attention(q, k, v, ring):
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)

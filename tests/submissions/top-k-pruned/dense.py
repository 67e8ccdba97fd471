# expect: wrong_pairs
# Plain dense attention: nothing is pruned.
import torch.nn.functional as F


def attention(q, k, v, top_k):
    return F.scaled_dot_product_attention(q, k, v)

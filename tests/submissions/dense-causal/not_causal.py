# expect: wrong_pairs
# Every query sees every key.
import torch.nn.functional as F


def attention(q, k, v):
    return F.scaled_dot_product_attention(q, k, v)

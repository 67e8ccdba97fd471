# expect: wrong_pairs
# Plain causal attention: the window is ignored.
import torch.nn.functional as F


def attention(q, k, v, window):
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)

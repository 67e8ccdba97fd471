# expect: wrong_pairs
# Sees the last keys beside the strided ones, as the other head of Sparse Transformers does.
import torch
import torch.nn.functional as F


def attention(q, k, v, stride):
    n = q.shape[2]
    distance = torch.arange(n)[:, None] - torch.arange(n)[None, :]
    seen = (distance >= 0) & ((distance % stride == 0) | (distance < stride))
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

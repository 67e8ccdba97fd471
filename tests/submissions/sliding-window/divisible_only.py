# expect: crashed
# Assumes that n is a multiple of 64.
import torch.nn.functional as F


def attention(q, k, v, window):
    batch, heads, n, d = q.shape
    blocks = q.view(batch, heads, n // 64, 64, d)
    return F.scaled_dot_product_attention(blocks, blocks, blocks).view(q.shape)

# expect: invalid
# Imports FlexAttention, which this exercise rules out, even if under another name.
from torch.nn.attention.flex_attention import create_block_mask
from torch.nn.attention.flex_attention import flex_attention as flex


def attention(q, k, v):
    mask = create_block_mask(lambda b, h, i, j: j <= i, None, None, q.shape[2], q.shape[2], "cpu")
    return flex(q, k, v, block_mask=mask)

# expect: passed
# Batched blocks: each block of queries attends to the few blocks of keys that its windows touch.
import math

import torch
import torch.nn.functional as F

BLOCK = 128


def attention(q, k, v, window):
    batch, heads, n, d = q.shape
    block = min(BLOCK, n)
    blocks = math.ceil(n / block)
    reach = min(math.ceil((window - 1) / block), blocks - 1)
    end = blocks * block - n
    queries = F.pad(q, (0, 0, 0, end)).view(batch, heads, blocks, block, d)
    keys, values = (
        F.pad(x, (0, 0, reach * block, end)).unfold(2, (reach + 1) * block, block).transpose(-1, -2)
        for x in (k, v)
    )
    row = torch.arange(block)[:, None] + reach * block
    column = torch.arange((reach + 1) * block)[None, :]
    band = (column <= row) & (row - column < window)
    position = torch.arange(blocks)[:, None] * block + column - reach * block
    mask = band[None] & ((position >= 0) & (position < n))[:, None, :]
    # A padded query past the end must see something, or its softmax is empty.
    mask |= (torch.arange(blocks * block).view(blocks, block, 1) >= n) & (column == 0)
    out = F.scaled_dot_product_attention(
        queries.transpose(0, 2).reshape(blocks, heads * batch, block, d),
        keys.transpose(0, 2).reshape(blocks, heads * batch, -1, d),
        values.transpose(0, 2).reshape(blocks, heads * batch, -1, d),
        attn_mask=mask[:, None],
    )
    out = out.view(blocks, heads, batch, block, d).transpose(0, 2).reshape(batch, heads, -1, d)
    return out[:, :, :n]

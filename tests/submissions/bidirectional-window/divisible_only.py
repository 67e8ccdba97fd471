# expect: crashed
# Assumes that n is a multiple of the block.
import torch
import torch.nn.functional as F


def attention(q, k, v, window):
    batch, heads, n, d = q.shape
    half = window // 2
    queries = q.view(batch, heads, n // 64, 64, d)
    keys, values = (
        F.pad(x, (0, 0, half, half)).unfold(2, 64 + 2 * half, 64).transpose(-1, -2) for x in (k, v)
    )
    row, column = torch.arange(64)[:, None] + half, torch.arange(64 + 2 * half)[None, :]
    seen = (row - column).abs() <= half
    return F.scaled_dot_product_attention(queries, keys, values, attn_mask=seen).view(q.shape)

# expect: crashed
# Assumes that the last block is whole.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_size, random_blocks):
    batch, heads, n, d = q.shape
    blocks = len(random_blocks)
    queries, keys, values = (x.view(batch, heads, blocks, block_size, d) for x in (q, k, v))
    out = torch.empty_like(queries)
    for row, drawn in enumerate(random_blocks.tolist()):
        near = range(max(0, row - 1), min(blocks, row + 2))
        tiles = sorted({0, *near, *drawn}) if row else list(range(blocks))
        out[:, :, row] = F.scaled_dot_product_attention(
            queries[:, :, row], keys[:, :, tiles].flatten(2, 3), values[:, :, tiles].flatten(2, 3)
        )
    return out.view(q.shape)

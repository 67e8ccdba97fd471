# expect: wrong_output
# Pads the last block with zeros and does not mask them: they take weight.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_size, random_blocks):
    batch, heads, n, d = q.shape
    blocks = len(random_blocks)
    end = blocks * block_size - n
    queries, keys, values = (
        F.pad(x, (0, 0, 0, end)).view(batch, heads, blocks, block_size, d) for x in (q, k, v)
    )
    out = torch.empty_like(queries)
    for row, drawn in enumerate(random_blocks.tolist()):
        near = range(max(0, row - 1), min(blocks, row + 2))
        tiles = sorted({0, *near, *drawn}) if row else list(range(blocks))
        out[:, :, row] = F.scaled_dot_product_attention(
            queries[:, :, row], keys[:, :, tiles].flatten(2, 3), values[:, :, tiles].flatten(2, 3)
        )
    return out.view(batch, heads, -1, d)[:, :, :n]

# expect: crashed
# Assumes that every row has equally many tiles.
import torch.nn.functional as F


def attention(q, k, v, block_mask, block_size):
    batch, heads, n, d = q.shape
    blocks = len(block_mask)
    columns = block_mask.nonzero()[:, 1].view(blocks, -1)
    end = blocks * block_size - n
    queries, keys, values = (
        F.pad(x, (0, 0, 0, end)).view(batch, heads, blocks, block_size, d) for x in (q, k, v)
    )
    out = F.scaled_dot_product_attention(
        queries, keys[:, :, columns].flatten(3, 4), values[:, :, columns].flatten(3, 4)
    )
    return out.view(batch, heads, -1, d)[:, :, :n]

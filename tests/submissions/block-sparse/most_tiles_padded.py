# expect: passed
# Every row gets as many tiles as the fullest one, the surplus masked; some rows at a time.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_mask, block_size):
    batch, heads, n, d = q.shape
    blocks = len(block_mask)
    end = blocks * block_size - n
    queries, keys, values = (
        F.pad(x, (0, 0, 0, end)).view(batch * heads, blocks, block_size, d) for x in (q, k, v)
    )
    most = int(block_mask.sum(1).max())
    there, columns = block_mask.int().topk(most, dim=1)
    out = torch.empty_like(queries)
    step = max(1, 4096 // (most * block_size))
    for start in range(0, blocks, step):
        some = slice(start, start + step)
        tiles = columns[some]
        position = tiles[:, :, None] * block_size + torch.arange(block_size)
        seen = (there[some, :, None] > 0) & (position < n)
        out[:, some] = F.scaled_dot_product_attention(
            queries[:, some],
            keys[:, tiles].flatten(2, 3),
            values[:, tiles].flatten(2, 3),
            attn_mask=seen.flatten(1)[:, None].expand(-1, block_size, -1),
        )
    return out.view(batch, heads, -1, d)[:, :, :n]

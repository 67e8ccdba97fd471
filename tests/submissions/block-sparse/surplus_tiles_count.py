# expect: wrong_output
# Rows with fewer tiles are filled up with tile 0, which then counts more than once.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_mask, block_size):
    n = q.shape[2]
    position = torch.arange(n)
    most = int(block_mask.sum(1).max())
    out = torch.empty_like(q)
    for row in range(len(block_mask)):
        tiles = block_mask[row].nonzero().flatten().tolist()
        tiles += [tiles[0]] * (most - len(tiles))
        keys = torch.cat([position[c * block_size : (c + 1) * block_size] for c in tiles])
        own = slice(row * block_size, (row + 1) * block_size)
        out[:, :, own] = F.scaled_dot_product_attention(q[:, :, own], k[:, :, keys], v[:, :, keys])
    return out

# expect: too_much_memory
# Right pairs by a dense mask.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_size, random_blocks):
    n, blocks = q.shape[2], len(random_blocks)
    tile = torch.arange(blocks)
    tiles = (tile[:, None] - tile[None, :]).abs() <= 1
    tiles.scatter_(1, random_blocks, True)
    tiles[0] = True
    tiles[:, 0] = True
    seen = tiles.repeat_interleave(block_size, 0).repeat_interleave(block_size, 1)[:n, :n]
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

# expect: wrong_pairs
# A window of `block_size` positions to either side where neighbouring blocks are meant.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_size, random_blocks):
    n = q.shape[2]
    i, j = torch.arange(n)[:, None], torch.arange(n)[None, :]
    tiles = torch.zeros(len(random_blocks), len(random_blocks), dtype=torch.bool)
    tiles.scatter_(1, random_blocks, True)
    seen = ((i - j).abs() <= block_size) | (i < block_size) | (j < block_size)
    seen |= tiles[i // block_size, j // block_size]
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

# expect: wrong_pairs
# Blocks are counted from position 1: every block is shifted by one position.
import torch
import torch.nn.functional as F


def attention(q, k, v, block_mask, block_size):
    n = q.shape[2]
    owner = (torch.arange(1, n + 1) // block_size).clamp_max(len(block_mask) - 1)
    seen = block_mask[owner[:, None], owner[None, :]]
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

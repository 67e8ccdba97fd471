# expect: too_much_memory
# Right pairs by a dense mask.
import torch.nn.functional as F


def attention(q, k, v, block_mask, block_size):
    n = q.shape[2]
    seen = block_mask.repeat_interleave(block_size, 0).repeat_interleave(block_size, 1)[:n, :n]
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

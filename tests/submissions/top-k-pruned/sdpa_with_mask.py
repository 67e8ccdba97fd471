# expect: passed
# A boolean mask scattered from the indices, given to torch's own attention.
import torch
import torch.nn.functional as F


def attention(q, k, v, top_k):
    scores = torch.einsum("bhmd,bhnd->bhmn", q, k)
    seen = torch.zeros_like(scores, dtype=torch.bool)
    seen.scatter_(-1, scores.topk(top_k, dim=-1).indices, True)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)

# expect: wrong_output
# The factor 1/sqrt(d) is forgotten. It does not change which keys are best.
import torch


def attention(q, k, v, top_k):
    scores = q @ k.transpose(-1, -2)
    border = scores.topk(top_k, dim=-1).values[..., -1:]
    return scores.masked_fill(scores < border, float("-inf")).softmax(-1) @ v

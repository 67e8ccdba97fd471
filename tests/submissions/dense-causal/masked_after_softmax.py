# expect: wrong_output
# The mask comes after the softmax: weights no longer add up to one.
import math


def attention(q, k, v):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return scores.softmax(-1).tril() @ v

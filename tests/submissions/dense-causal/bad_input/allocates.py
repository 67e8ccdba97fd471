# expect: out_of_memory
# Takes memory without end.
import torch


def attention(q, k, v):
    kept = []
    while True:
        kept.append(torch.empty(256 << 20))

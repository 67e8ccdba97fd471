# expect: crashed
# Leaves.
import os


def attention(q, k, v):
    os._exit(0)

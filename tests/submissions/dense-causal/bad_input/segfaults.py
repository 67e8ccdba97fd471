# expect: crashed
# Reads address 0.
import ctypes


def attention(q, k, v):
    ctypes.string_at(0)
    return q + 0

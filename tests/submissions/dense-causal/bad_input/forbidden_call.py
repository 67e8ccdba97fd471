# expect: forbidden
# Asks the system for something that no submission needs: a new namespace.
import ctypes


def attention(q, k, v):
    ctypes.CDLL(None).unshare(0x10000000)
    return q + 0

# expect: crashed
# Recursion with the guard taken off, until the stack is full.
import sys

sys.setrecursionlimit(10**9)


class Deep:
    def __repr__(self):
        return repr([self, self])


def attention(q, k, v):
    return repr(Deep())

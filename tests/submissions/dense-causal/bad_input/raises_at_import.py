# expect: crashed
# Raises while it is imported.
import not_installed_here


def attention(q, k, v):
    return not_installed_here.attention(q, k, v)

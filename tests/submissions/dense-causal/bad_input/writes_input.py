# expect: forbidden
# Writes to an input.
def attention(q, k, v):
    v.mul_(2)
    return v + 0

# expect: invalid
# A syntax error.
def attention(q, k, v)
    return q

# expect: wrong_shape
# One channel is missing.
def attention(q, k, v):
    return (q + v)[..., 1:]

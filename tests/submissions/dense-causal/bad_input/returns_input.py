# expect: wrong_shape
# The result is a view of an input.
def attention(q, k, v):
    return v.view(v.shape)

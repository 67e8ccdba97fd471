# expect: wrong_shape
# The return statement is forgotten.
def attention(q, k, v):
    q + 1

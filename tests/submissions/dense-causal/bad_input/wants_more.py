# expect: invalid
# The function needs an argument that no call gives.
def attention(q, k, v, mask):
    return q

# expect: invalid
# The function takes one tensor.
def attention(qkv):
    return qkv

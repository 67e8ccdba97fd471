# expect: invalid
# The function has another name.
def my_attention(q, k, v):
    return q

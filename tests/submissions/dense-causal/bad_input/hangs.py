# expect: timeout
# Never ends.
def attention(q, k, v):
    while True:
        pass

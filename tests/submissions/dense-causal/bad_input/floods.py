# expect: crashed
# Prints without end.
def attention(q, k, v):
    while True:
        print("x" * 10_000)

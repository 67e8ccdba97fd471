# expect: invalid
# The name is there, but it is a number.
attention = 42

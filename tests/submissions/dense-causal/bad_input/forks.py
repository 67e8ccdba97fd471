# expect: crashed
# Starts processes until no more can be started.
import os
import time


def attention(q, k, v):
    while True:
        if os.fork() == 0:
            time.sleep(100)

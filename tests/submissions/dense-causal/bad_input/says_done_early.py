# expect: crashed
# Writes an answer of its own to every channel it finds, then leaves.
import json
import os


def attention(q, k, v):
    answer = json.dumps({"outcome": "done", "detail": ""}).encode()
    for channel in range(3, 64):
        try:
            os.write(channel, answer)
        except OSError:
            pass
    os._exit(0)

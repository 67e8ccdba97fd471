# expect: crashed
# Looks for files that are not its own.
from pathlib import Path


def attention(q, k, v):
    return Path("/etc/shadow").read_bytes()

# expect: crashed
# Asks for the network.
import socket


def attention(q, k, v):
    socket.create_connection(("127.0.0.1", 80), timeout=1)
    return q + 0

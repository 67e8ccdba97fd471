"""The same process in a container, where no descriptor can be handed over.

It connects to a socket that lies in a folder of the judge's, and the files that come with a request
are told by their names there.
"""

import gc
import json
import os
import socket
import sys
from pathlib import Path

from sandbox.inside.child import MAX_REQUEST_BYTES, rehearse, restrict, serve, warm
from sandbox.inside.requests import FILENAME

#: Where the judge's folders are mounted: requests and inputs, which cannot be written; results.
INPUTS, OUTPUTS = Path("/exchange/inputs"), Path("/exchange/outputs")
SOCKET = "socket"


def main() -> None:
    """Serve the judge on the socket in its folder."""
    settings = json.loads(sys.argv[1])
    sys.argv[:] = [FILENAME]
    os.chdir("/tmp")  # noqa: S108  (the container's own)
    device = settings["device"]
    torch = warm(settings["threads"], device)
    rehearse(torch, device)
    restrict(settings["limits"])
    gc.collect()
    gc.freeze()
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    channel.connect(str(INPUTS / SOCKET))
    serve(torch, channel, device, received)


def received(channel: socket.socket) -> tuple[bytes, list[int]]:
    """Return the next request and the files that it names; no bytes at the end."""
    raw = channel.recv(MAX_REQUEST_BYTES)
    if not raw:
        return raw, []
    names = json.loads(raw)["files"]
    fds = [os.open(INPUTS / name, os.O_RDONLY) for name in names["inputs"]]
    fds += [os.open(OUTPUTS / name, os.O_RDWR) for name in names["outputs"]]
    return raw, fds

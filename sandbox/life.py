"""How the judge learns of a sandbox's end.

A sandbox that was started alone is a child of the judge; its exit status is read as such. One that
a zygote forked is not, and its status comes by way of the zygote. Both are numbered as in
``subprocess``: what the process left with, 128 and its signal when a signal ended it, and less than
zero when the whole sandbox was killed from outside.
"""

import contextlib
import os
import select
import socket
import struct
import subprocess
from typing import Protocol

_CREDENTIALS = struct.Struct("3i")
_SHORT = 1 << 12


class Life(Protocol):
    """What holds one sandbox up, seen by the judge."""

    #: Readable once nothing of the sandbox can be alive; to be watched, never to be closed.
    fd: int
    #: The outermost process.
    pid: int
    #: The process whose memory the sandbox began with; 0 for one that began with its own.
    ancestor: int

    def status(self) -> int | None:
        """Return how it ended; None while it lives."""

    def wait(self, seconds: float) -> int:
        """Return how it ended. Raises TimeoutError when it still lives after these seconds."""

    def end(self, patience: float) -> None:
        """See it gone; it may follow its inner processes by itself for these seconds."""

    def verify(self, pid: int) -> None:
        """Raise SandboxUnavailable unless a process that got ready is confined."""


class Alone:
    """A sandbox with a bubblewrap of its own, the judge's child."""

    def __init__(self, outer: subprocess.Popen[bytes]) -> None:
        self._outer = outer
        self.pid = outer.pid
        self.ancestor = 0
        self.fd = os.pidfd_open(outer.pid)

    def status(self) -> int | None:
        """Return how bubblewrap ended; None while it lives."""
        return self._outer.poll()

    def wait(self, seconds: float) -> int:
        """Return how bubblewrap ended. Raises TimeoutError."""
        try:
            return self._outer.wait(seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError("it still lives") from None

    def end(self, patience: float) -> None:
        """Let bubblewrap follow what it held up; kill it when it does not."""
        # It reaps the inner processes; killed first, it would leave them to whatever adopts
        # orphans on this machine.
        with contextlib.suppress(TimeoutError):
            self.wait(patience)
        self._outer.kill()
        self._outer.wait()
        os.close(self.fd)
        self.fd = -1

    def verify(self, pid: int) -> None:
        """Rely on bubblewrap, which starts nothing that it could not confine."""


def expect_sender(channel: socket.socket) -> None:
    """Ask the kernel to say who sends the first message on a channel."""
    channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)


def first_sender(channel: socket.socket) -> int | None:
    """Return who sent the first message, by the kernel's word; 0 when none can come any more.

    None while there is none.
    """
    space = socket.CMSG_SPACE(_CREDENTIALS.size)
    try:
        raw, ancillary, _, _ = channel.recvmsg(_SHORT, space)
    except BlockingIOError:
        return None
    except OSError:
        return 0
    if not raw:
        return 0
    channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
            return int(_CREDENTIALS.unpack(data[: _CREDENTIALS.size])[0])
    return 0


def readable(fd: int, seconds: float) -> bool:
    """Wait until there is something to read; tell whether there is."""
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(seconds * 1000))

"""Two folders by which files reach a container and come back, where descriptors cannot.

Both belong to the judge, lie in memory and are mounted: the first cannot be written in the
container, and in neither can its user make, rename or remove an entry, or list what is there. The
judge opens each file once, when it makes it, and from then on uses that descriptor: a name that the
other side could have changed is never followed.
"""

import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sandbox.wire import SandboxUnavailable

SOCKET = "socket"
_IN_MEMORY = Path("/dev/shm")  # noqa: S108  (a private folder is made there)
_PASSABLE, _READABLE, _WRITABLE = 0o711, 0o444, 0o666
_CHUNK = 1 << 24


class Exchange:
    """The folders of one container, and the socket that it connects to.

    What lies in ``folder`` beside the two is not mounted.
    """

    def __init__(self, user: int) -> None:
        if os.geteuid() == user:
            raise SandboxUnavailable(
                f"containers run as user {user}: the grading worker must be another"
            )
        base = _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None
        self.folder = Path(tempfile.mkdtemp(prefix="sparring-", dir=base))
        self.inputs, self.outputs = self.folder / "inputs", self.folder / "outputs"
        for place in (self.inputs, self.outputs):
            place.mkdir()
            place.chmod(_PASSABLE)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(str(self.inputs / SOCKET))
        (self.inputs / SOCKET).chmod(_WRITABLE)
        self.listener.listen(1)
        self.listener.setblocking(False)
        self._names: list[Path] = []
        self._result = -1
        self._target = -1

    def admit(self) -> socket.socket | None:
        """Return the channel of who connected first, and let nobody else in; None: nobody yet."""
        try:
            channel, _ = self.listener.accept()
        except BlockingIOError:
            return None
        self.listener.close()
        (self.inputs / SOCKET).unlink()
        channel.setblocking(False)
        return channel

    def lend(self, inputs: Sequence[int], target: int | None) -> dict[str, list[str]]:
        """Copy memory files into the folders; return the names, which nobody can guess.

        ``target`` is the memory file that the result is brought back to.
        """
        names: dict[str, list[str]] = {"inputs": [], "outputs": []}
        for source in inputs:
            name = secrets.token_hex(16)
            os.close(self._put(source, self.inputs / name, _READABLE))
            names["inputs"].append(name)
        if target is not None:
            name = secrets.token_hex(16)
            self._result = self._put(target, self.outputs / name, _WRITABLE)
            self._target = target
            names["outputs"].append(name)
        return names

    def collect(self) -> bool:
        """Copy the result to its memory file; tell whether it still has its size.

        What is missing of it stays as it was.
        """
        if self._result < 0:
            return True
        size = os.fstat(self._target).st_size
        _copy(self._result, self._target, size)
        return os.fstat(self._result).st_size == size

    def take_back(self) -> None:
        """Remove what was lent. Who has it open or mapped may go on reading."""
        while self._names:
            self._names.pop().unlink(missing_ok=True)
        if self._result >= 0:
            os.close(self._result)
            self._result = -1

    def close(self) -> None:
        """Remove everything. May be called again."""
        self.take_back()
        self.listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _put(self, source: int, path: Path, mode: int) -> int:
        """Write a copy of a memory file; return a descriptor of it."""
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        self._names.append(path)
        _copy(source, fd, os.fstat(source).st_size)
        os.fchmod(fd, mode)  # whatever the mask of this process is
        return fd


def _copy(source: int, target: int, size: int) -> None:
    """Copy at most ``size`` bytes from the beginning of one file to that of another."""
    done = 0
    while done < size:
        piece = os.pread(source, min(_CHUNK, size - done), done)
        if not piece:
            return
        written = 0
        while written < len(piece):
            written += os.pwrite(target, piece[written:], done + written)
        done += len(piece)

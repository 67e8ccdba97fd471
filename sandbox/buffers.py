"""Memory files by which arrays reach a sandbox and come back.

They have no path that a learner could name. An input is filled and then sealed: whoever holds it
may read it or keep a private copy, nobody can write, shrink or grow it. An output begins as bytes
that no right answer has (NaN in every floating type).
"""

import fcntl
import mmap
import os
from collections.abc import Mapping

from sandbox.wire import Array

_F_SEAL_SEAL, _F_SEAL_SHRINK, _F_SEAL_GROW, _F_SEAL_FUTURE_WRITE = 1, 2, 4, 16
_FIXED_SIZE = _F_SEAL_SEAL | _F_SEAL_SHRINK | _F_SEAL_GROW
_CHUNK = 1 << 24
_POISON = memoryview(b"\xff" * (1 << 20))


def _new(name: str) -> int:
    return os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)


class SealedInputs:
    """Inputs of a call in memory files, to be shown to several processes one after the other.

    What one process does with them changes nothing for the next. The files go when the last holder
    lets go; ``close`` is the judge's part of that.
    """

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.arrays = dict(arrays)
        self.fds: list[int] = []
        self.size = 0
        try:
            for name, array in self.arrays.items():
                raw = array.raw()
                self.fds.append(sealed(name, raw))
                self.size += raw.nbytes
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the files. May be called again."""
        while self.fds:
            os.close(self.fds.pop())

    def __enter__(self) -> "SealedInputs":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class GradualInputs:
    """Inputs of many steps, along their first axis: what is not revealed yet is zero.

    The process reads the files as they fill and cannot write them. ``close`` lets go of them.
    """

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.arrays = dict(arrays)
        self.fds: list[int] = []
        self.size = 0
        self._maps: list[tuple[mmap.mmap, memoryview, int]] = []
        try:
            for name, array in self.arrays.items():
                raw = array.raw()
                fd = _new(name)
                self.fds.append(fd)
                os.ftruncate(fd, raw.nbytes)
                self._maps.append((mmap.mmap(fd, raw.nbytes), raw, raw.nbytes // array.shape[0]))
                fcntl.fcntl(fd, fcntl.F_ADD_SEALS, _FIXED_SIZE | _F_SEAL_FUTURE_WRITE)
                self.size += raw.nbytes
        except BaseException:
            self.close()
            raise

    def reveal(self, step: int) -> None:
        """Show the inputs of one step."""
        for shown, raw, size in self._maps:
            shown[step * size : (step + 1) * size] = raw[step * size : (step + 1) * size]

    def close(self) -> None:
        """Let go of the files. May be called again."""
        while self._maps:
            self._maps.pop()[0].close()
        while self.fds:
            os.close(self.fds.pop())

    def __enter__(self) -> "GradualInputs":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def sealed(name: str, raw: memoryview) -> int:
    """Return a memory file that holds these bytes and can only be read."""
    fd = _new(name)
    try:
        for start in range(0, raw.nbytes, _CHUNK):
            _write(fd, raw[start : start + _CHUNK], start)
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, _FIXED_SIZE | _F_SEAL_FUTURE_WRITE)
    except BaseException:
        os.close(fd)
        raise
    return fd


def poisoned_output(size: int) -> int:
    """Return a writable memory file of fixed size, every byte 255."""
    fd = _new("output")
    for start in range(0, size, _POISON.nbytes):
        _write(fd, _POISON[: min(_POISON.nbytes, size - start)], start)
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, _FIXED_SIZE)
    return fd


def _write(fd: int, raw: memoryview, start: int) -> None:
    done = 0
    while done < raw.nbytes:
        done += os.pwrite(fd, raw[done:], start + done)


def copy(fd: int, target: memoryview) -> None:
    """Copy a memory file's bytes to where they cannot be changed any more."""
    done = 0
    while done < target.nbytes:
        done += os.preadv(fd, [target[done:]], done)

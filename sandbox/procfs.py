"""Reading what the kernel tells of other processes, in as few steps as can be: this is hot."""

import os
from collections.abc import Iterator
from pathlib import Path

GONE = (FileNotFoundError, ProcessLookupError)
_SHORT = 1 << 16


def tasks(pid: int) -> list[str]:
    """Return the numbers of a process's threads; none when it is gone."""
    try:
        return os.listdir(f"/proc/{pid}/task")  # noqa: PTH208  (names alone, and it is hot)
    except GONE:
        return []


def read(path: str) -> str:
    """Return a short file of /proc. Raises one of GONE."""
    fd = os.open(path, os.O_RDONLY)
    try:
        # A process may name itself in bytes that are no text.
        return os.read(fd, _SHORT).decode(errors="replace")
    finally:
        os.close(fd)


def stat(path: str) -> list[str]:
    """Return the fields of a stat file from the state on; empty when the process is gone."""
    try:
        return read(path).rpartition(")")[2].split()
    except GONE:
        return []


def lines(path: str) -> Iterator[str]:
    """Yield the lines of a long file of /proc. Raises OSError."""
    with Path(path).open(errors="replace") as file:
        yield from file

"""The memory of one process, seen from outside."""

import os
from typing import NamedTuple

from sandbox.procfs import GONE, lines, read


class Pages(NamedTuple):
    """Resident bytes of one process, and those of them that are not pages of files."""

    resident: int
    unfiled: int


def pages(pid: int) -> Pages:
    """Return what is resident of one process; nothing when it is gone."""
    try:
        status = read(f"/proc/{pid}/status")
    except GONE:
        return Pages(0, 0)
    unfiled = _kib(status, "RssAnon") + _kib(status, "RssShmem")
    return Pages(_kib(status, "VmRSS"), unfiled)


def _kib(status: str, name: str) -> int:
    """Return a size that a status file tells, in bytes; 0 where it does not."""
    words = status.partition(f"\n{name}:")[2].split(maxsplit=1)
    return int(words[0]) * 1024 if words else 0


def share(pid: int) -> int:
    """Return a process's share of anonymous and shared memory, in bytes; 0 when it is gone."""
    total = 0
    try:
        for line in lines(f"/proc/{pid}/smaps_rollup"):
            if line.startswith(("Pss_Anon:", "Pss_Shmem:")):
                total += int(line.split()[1]) * 1024
    except OSError:
        pass
    return total


def reset_peak(pid: int) -> bool:
    """Start a process's high-water mark of memory anew; tell whether this is permitted."""
    try:
        fd = os.open(f"/proc/{pid}/clear_refs", os.O_WRONLY)
    except OSError:
        return False
    try:
        return os.write(fd, b"5") == 1
    except OSError:
        return False
    finally:
        os.close(fd)


def peak(pid: int) -> int:
    """Return a process's high-water mark of resident memory in bytes; 0 when it is gone."""
    try:
        return _kib(read(f"/proc/{pid}/status"), "VmHWM")
    except GONE:
        return 0


def written_maps(pid: int, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return which privately mapped memory files of these names were written to."""
    written: set[str] = set()
    current = ""
    try:
        for line in lines(f"/proc/{pid}/smaps"):
            _, found, name = line.partition("/memfd:")
            if found:
                current = name.removesuffix(" (deleted)\n")
            elif "-" in line.split(" ", 1)[0]:
                current = ""
            elif current in names and line.startswith("Anonymous:") and int(line.split()[1]):
                written.add(current)
    except OSError:
        return ()
    return tuple(name for name in names if name in written)

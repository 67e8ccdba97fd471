"""A sandbox's processes seen from outside: their clocks, their memory, and stopping them.

Every process of a sandbox descends from the first one of its pid namespace, which adopts orphans,
so a walk from there finds daemons too. A signal goes only to a process that is proved, by its
namespace, to belong: numbers are used again.
"""

import os
import select
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
_GONE = (FileNotFoundError, ProcessLookupError)
_DYING_SECONDS = 2.0
_STOPPING_SECONDS = 0.00005
_SHORT = 1 << 16
_STILL = frozenset("TtZX")


class NotStill(Exception):  # noqa: N818
    """Some process of the tree could not be stopped."""


def children(pid: int) -> list[int]:
    """Return the children of every thread of a process."""
    found: list[int] = []
    for task in _tasks(pid):
        try:
            found += map(int, _read(f"/proc/{pid}/task/{task}/children").split())
        except _GONE:
            continue
    return found


def namespace(pid: int) -> str:
    """Return what names a process's pid namespace. Raises OSError when it is gone or not ours."""
    return os.readlink(f"/proc/{pid}/ns/pid")  # noqa: PTH115  (its target is no path)


class Tree:
    """The processes of one sandbox, whose first one, ``first``, only adopts and reaps."""

    def __init__(self, first: int) -> None:
        self.first = first
        self._namespace = namespace(first)
        self._first_fd = os.pidfd_open(first)

    def members(self) -> list[int]:
        """Return every process but the first one, parents before children."""
        found, start = children(self.first), 0
        while start < len(found):
            end = len(found)
            for pid in found[start:end]:
                found += children(pid)
            start = end
        return found

    def stop(self, patience: float = 2.0) -> None:
        """Stop every process and see each thread stopped. Raises NotStill.

        Two walks in a row must find the same processes, all stopped in both: what was born while
        the first one walked has a parent that was seen, and the second finds it.
        """
        deadline = time.monotonic() + patience
        seen: list[int] | None = None
        while True:
            members = self.members()
            moving = [pid for pid in members if not _still(pid)]
            if not moving and members == seen:
                return
            if time.monotonic() > deadline:
                raise NotStill(f"{len(moving)} of {len(members)} processes would not stop")
            for pid in moving:
                self._signal(pid, signal.SIGSTOP)
            if moving:
                time.sleep(_STOPPING_SECONDS)  # they may need the very core this runs on
            seen = None if moving else members

    def still(self) -> bool:
        """Tell whether every process is stopped now."""
        return all(_still(pid) for pid in self.members())

    def resume(self) -> None:
        """Let every process go on, the youngest first."""
        for pid in reversed(self.members()):
            self._signal(pid, signal.SIGCONT)

    def kill(self) -> None:
        """Kill everything and see it dead: the kernel ends a pid namespace with its first."""
        if self._first_fd < 0:
            return
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._first_fd, signal.SIGKILL)
        select.select([self._first_fd], [], [], _DYING_SECONDS)
        os.close(self._first_fd)
        self._first_fd = -1

    def cpu_seconds(self) -> float:
        """Return the CPU time of all processes, living and reaped, since they began."""
        total = _reaped_seconds(self.first)
        for pid in self.members():
            total += _clock(pid) + _reaped_seconds(pid)
        return total

    def resident_bytes(self) -> int:
        """Return the resident memory of all processes, what several share counted once."""
        members = self.members()
        if len(members) == 1:
            return resident(members[0])
        return sum(_proportional(pid) for pid in members)

    def scratch_bytes(self) -> int:
        """Return the memory that files in the private folders hold."""
        total = 0
        for folder in ("tmp", "dev/shm"):
            try:
                room = os.statvfs(f"/proc/{self.first}/root/{folder}")
            except OSError:
                continue
            total += (room.f_blocks - room.f_bfree) * room.f_frsize
        return total

    def pin(self, core: int) -> None:
        """Keep every thread, and what they will start, on one core. Raises PermissionError."""
        for pid in self.members():
            for task in _tasks(pid):
                try:
                    os.sched_setaffinity(int(task), {core})
                except ProcessLookupError:
                    continue

    def _signal(self, pid: int, number: signal.Signals) -> None:
        try:
            fd = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        try:
            if namespace(pid) == self._namespace:
                signal.pidfd_send_signal(fd, number)
        except _GONE:
            pass
        finally:
            os.close(fd)


def _tasks(pid: int) -> list[str]:
    try:
        return os.listdir(f"/proc/{pid}/task")  # noqa: PTH208  (names alone, and it is hot)
    except _GONE:
        return []


def _read(path: str) -> str:
    """Return a short file of /proc, in as few steps as can be: this is hot."""
    fd = os.open(path, os.O_RDONLY)
    try:
        return os.read(fd, _SHORT).decode()
    finally:
        os.close(fd)


def _stat(path: str) -> list[str]:
    """Return the fields of a stat file from the state on; empty when the process is gone."""
    try:
        return _read(path).rpartition(")")[2].split()
    except _GONE:
        return []


def _still(pid: int) -> bool:
    states = (_stat(f"/proc/{pid}/task/{task}/stat")[:1] for task in _tasks(pid))
    return all(state[0] in _STILL for state in states if state)


def _clock(pid: int) -> float:
    """Read a process's CPU clock: the kernel encodes its number in the clock's."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def _reaped_seconds(pid: int) -> float:
    fields = _stat(f"/proc/{pid}/stat")
    return (int(fields[13]) + int(fields[14])) / _TICKS if fields else 0.0


def resident(pid: int) -> int:
    """Return the resident bytes of one process; 0 when it is gone."""
    try:
        return int(_read(f"/proc/{pid}/statm").split()[1]) * _PAGE
    except (*_GONE, IndexError):
        return 0


def _proportional(pid: int) -> int:
    """Return a process's share of memory, in bytes, pages that n processes hold counted 1/n."""
    try:
        for line in _lines(f"/proc/{pid}/smaps_rollup"):
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def _lines(path: str) -> Iterator[str]:
    with Path(path).open() as file:
        yield from file


def reset_peak(pid: int) -> bool:
    """Start a process's high-water mark of memory anew; tell whether this is permitted."""
    try:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    except OSError:
        return False
    return True


def peak(pid: int) -> int:
    """Return a process's high-water mark of resident memory in bytes; 0 when it is gone."""
    try:
        for line in _lines(f"/proc/{pid}/status"):
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except _GONE:
        pass
    return 0


def written_maps(pid: int, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return which privately mapped memory files of these names were written to."""
    written: set[str] = set()
    current = ""
    try:
        for line in _lines(f"/proc/{pid}/smaps"):
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

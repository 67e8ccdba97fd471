"""A sandbox's processes seen from outside: their clocks, their memory, and stopping them.

Every process of a sandbox descends from the first one of its pid namespace, which adopts orphans,
so a walk from there finds daemons too. A signal goes only to a process that is proved, by its
namespace, to belong: numbers are used again.
"""

import os
import select
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from sandbox.memory import pages, share
from sandbox.procfs import GONE, read, stat, tasks

_TICKS = os.sysconf("SC_CLK_TCK")
_DYING_SECONDS = 10.0
_STOPPING_SECONDS = 0.00005
_HOPES = 2
_STILL = frozenset("TtZX")
_STATE, _PARENT, _CHILDRENS_FAULTS, _USER_TICKS, _SYSTEM_TICKS, _THREADS = 0, 1, 8, 13, 14, 17


class NotStill(Exception):  # noqa: N818
    """Some process of the tree could not be stopped."""


def children(pid: int) -> list[int]:
    """Return the children of every thread of a process."""
    return [child for task in tasks(pid) for child in _children_of_one(pid, task)]


def _children_of_one(pid: int, task: int | str) -> list[int]:
    try:
        return [int(child) for child in read(f"/proc/{pid}/task/{task}/children").split()]
    except GONE:
        return []


def parent(pid: int) -> int:
    """Return the parent of a process. Raises ProcessLookupError when it is gone."""
    fields = stat(f"/proc/{pid}/stat")
    if not fields:
        raise ProcessLookupError(f"no process {pid}")
    return int(fields[_PARENT])


def namespace(pid: int) -> str:
    """Return what names a process's pid namespace. Raises OSError when it is gone or not ours."""
    return os.readlink(f"/proc/{pid}/ns/pid")  # noqa: PTH115  (its target is no path)


def kin(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    family = [pid]
    for member in family:
        family += children(member)
    return family


class Seen(NamedTuple):
    """One process as a walk found it; ``still`` when every thread of it was stopped."""

    pid: int
    still: bool


@dataclass(frozen=True, slots=True)
class Clocks:
    """What the clocks of a tree showed at one moment."""

    #: CPU time of all processes, of those that were reaped in whole ticks.
    seconds: float
    #: For every process, a number that changes when it reaps a child.
    reapings: Mapping[int, int]

    def since(self, before: "Clocks") -> float:
        """Return at least the CPU time from an earlier reading to this one.

        The kernel tells that of reaped children in whole ticks for each process that reaps, of
        user and of system time, so two of them are added; the page faults of reaped children are
        told exactly, and none lives without.
        """
        reapers = [
            pid for pid in self.reapings if self.reapings[pid] != before.reapings.get(pid, 0)
        ]
        return self.seconds - before.seconds + 2 * len(reapers) / _TICKS


class Tree:
    """The processes of one sandbox, whose first one, ``first``, only adopts and reaps."""

    def __init__(self, first: int, ancestor: int = 0) -> None:
        self.first = first
        self._ancestor = ancestor
        self._namespace = namespace(first)
        self._first_fd = os.pidfd_open(first)
        # What the one process held when it was born.
        born = [pages(pid) for pid in self.members()]
        self._born_resident = sum(one.resident for one in born)
        self._born_unfiled = sum(one.unfiled for one in born)
        self._born_own = self._own_bytes()

    def members(self) -> list[int]:
        """Return every process but the first one, parents before children."""
        return [seen.pid for seen in self.walk()]

    def walk(self) -> list[Seen]:
        """Look at every process but the first one, parents before children."""
        found: list[Seen] = []
        waiting = _children_of_one(self.first, self.first)  # the first has one thread
        while waiting:
            following: list[int] = []
            for pid in waiting:
                still, children_now = _look(pid)
                found.append(Seen(pid, still))
                following += children_now
            waiting = following
        return found

    def stop(self, patience: float = 2.0) -> list[int]:
        """Stop every process, see each thread stopped, and return them. Raises NotStill.

        Two walks in a row must find the same processes, all stopped in both: what was born while
        the first one walked has a parent that was seen, and the second finds it.
        """
        deadline = time.monotonic() + patience
        moving = self.members()  # whoever has just answered runs: no need to look
        before: list[Seen] | None = None
        hopes = _HOPES
        while True:
            for pid in moving:
                self._signal(pid, signal.SIGSTOP)
            if moving and hopes:
                hopes -= 1  # most stop within the time that the next look takes
            elif moving:
                time.sleep(_STOPPING_SECONDS)  # they may need the very core this runs on
            now = self.walk()
            moving = [seen.pid for seen in now if not seen.still]
            if not moving and now == before:
                return [seen.pid for seen in now]
            if time.monotonic() > deadline:
                raise NotStill(f"{len(moving)} of {len(now)} processes would not stop")
            before = None if moving else now

    def resume(self, members: list[int], core: int | None = None) -> None:
        """Let every process go on, the youngest first; to begin with on ``core``, if given."""
        placed = core is not None and _place(members, {core})
        for pid in reversed(members):
            self._signal(pid, signal.SIGCONT)
        if placed:
            _place(members, os.sched_getaffinity(0))

    def kill(self) -> None:
        """Kill everything and see it dead: the kernel ends a pid namespace with its first."""
        if self._first_fd < 0:
            return
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._first_fd, signal.SIGKILL)
        # What spins would keep the first one from the cores that it needs to end.
        with suppress(PermissionError):
            for pid in self.members():
                self._signal(pid, signal.SIGKILL)
        select.select([self._first_fd], [], [], _DYING_SECONDS)
        os.close(self._first_fd)
        self._first_fd = -1

    def clocks(self, members: list[int]) -> "Clocks":
        """Read the CPU clocks of all processes, living and reaped, since they began."""
        total, faults = 0.0, {}
        for pid in (self.first, *members):
            fields = stat(f"/proc/{pid}/stat")
            if fields:
                faults[pid] = int(fields[_CHILDRENS_FAULTS])
                total += (int(fields[_USER_TICKS]) + int(fields[_SYSTEM_TICKS])) / _TICKS
        return Clocks(total + sum(map(_clock, members)), faults)

    def resident_bytes(self) -> int:
        """Return the resident memory of all processes, what several share counted once.

        Pages of files, code above all, can be given back at any time and come again unasked: they
        cannot make room for others.
        """
        members = self.members()
        if len(members) == 1:
            now = pages(members[0])
            return max(now.resident, self._born_resident + now.unfiled - self._born_unfiled)
        return self._born_resident + self._own_bytes() - self._born_own

    def _own_bytes(self) -> int:
        """Return what the processes hold that is neither a file's nor inherited.

        Pages that n processes hold are counted 1/n in each. Of what is inherited each holds as
        much as the ancestor does, or less; together never more than there is.
        """
        shares = [share(pid) for pid in self.members()]
        if not self._ancestor:
            return sum(shares)
        most = share(self._ancestor)
        inherited = min(sum(min(part, most) for part in shares), pages(self._ancestor).unfiled)
        return sum(shares) - inherited

    def memory_bytes(self) -> int:
        """Return the resident memory and that of scratch files; what of these is mapped, twice."""
        return self.resident_bytes() + self.scratch_bytes()

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

    def _signal(self, pid: int, number: signal.Signals) -> None:
        try:
            fd = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        try:
            if namespace(pid) == self._namespace:
                signal.pidfd_send_signal(fd, number)
        except GONE:
            pass
        finally:
            os.close(fd)


def _place(pids: list[int], cores: set[int]) -> bool:
    """Let every thread run on these cores alone; tell whether this is permitted."""
    for pid in pids:
        for task in tasks(pid):
            try:
                os.sched_setaffinity(int(task), cores)
            except ProcessLookupError:
                continue
            except PermissionError:
                return False
    return True


def _look(pid: int) -> tuple[bool, list[int]]:
    """Say whether a process is stopped, and return its children; one that is gone is, with none."""
    fields = stat(f"/proc/{pid}/stat")
    if not fields:
        return True, []
    if fields[_THREADS] == "1":  # what most are, and quicker
        return fields[_STATE] in _STILL, _children_of_one(pid, pid)
    states = (stat(f"/proc/{pid}/task/{task}/stat")[:1] for task in tasks(pid))
    return all(state[0] in _STILL for state in states if state), children(pid)


def _clock(pid: int) -> float:
    """Read a process's CPU clock: the kernel encodes its number in the clock's."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0

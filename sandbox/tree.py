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

from sandbox.memory import resident, share, unfiled
from sandbox.procfs import GONE, read, stat, tasks

_TICKS = os.sysconf("SC_CLK_TCK")
_DYING_SECONDS = 10.0
_STOPPING_SECONDS = 0.00005
_HOPES = 2
_STILL = frozenset("TtZX")


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
    return int(fields[1])


def namespace(pid: int) -> str:
    """Return what names a process's pid namespace. Raises OSError when it is gone or not ours."""
    return os.readlink(f"/proc/{pid}/ns/pid")  # noqa: PTH115  (its target is no path)


def kin(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    family = [pid]
    for member in family:
        family += children(member)
    return family


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
        self._born_resident = sum(map(resident, self.members()))
        self._born_unfiled = sum(map(unfiled, self.members()))
        self._born_own = self._own_bytes()

    def members(self) -> list[int]:
        """Return every process but the first one, parents before children."""
        found, start = _children_of_one(self.first, self.first), 0  # the first has one thread
        while start < len(found):
            end = len(found)
            for pid in found[start:end]:
                found += children(pid)
            start = end
        return found

    def stop(self, patience: float = 2.0) -> list[int]:
        """Stop every process, see each thread stopped, and return them. Raises NotStill.

        Two walks in a row must find the same processes, all stopped in both: what was born while
        the first one walked has a parent that was seen, and the second finds it.
        """
        deadline = time.monotonic() + patience
        seen: list[int] | None = None
        hopes = _HOPES
        while True:
            members = self.members()
            moving = [pid for pid in members if not still(pid)]
            if not moving and members == seen:
                return members
            if time.monotonic() > deadline:
                raise NotStill(f"{len(moving)} of {len(members)} processes would not stop")
            for pid in moving:
                self._signal(pid, signal.SIGSTOP)
            if moving and hopes:
                hopes -= 1  # most stop within the time that the next look takes
            elif moving:
                time.sleep(_STOPPING_SECONDS)  # they may need the very core this runs on
            seen = None if moving else members

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
                faults[pid] = int(fields[8])
                total += (int(fields[13]) + int(fields[14])) / _TICKS
        return Clocks(total + sum(map(_clock, members)), faults)

    def resident_bytes(self) -> int:
        """Return the resident memory of all processes, what several share counted once.

        Pages of files, code above all, can be given back at any time and come again unasked: they
        cannot make room for others.
        """
        members = self.members()
        if len(members) == 1:
            grown = unfiled(members[0]) - self._born_unfiled
            return max(resident(members[0]), self._born_resident + grown)
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
        inherited = min(sum(min(part, most) for part in shares), unfiled(self._ancestor))
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


def still(pid: int) -> bool:
    """Tell whether every thread of a process is stopped now."""
    states = (stat(f"/proc/{pid}/task/{task}/stat")[:1] for task in tasks(pid))
    return all(state[0] in _STILL for state in states if state)


def _clock(pid: int) -> float:
    """Read a process's CPU clock: the kernel encodes its number in the clock's."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0

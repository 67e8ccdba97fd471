"""The judge's side of a zygote: asking for children, and hearing how each of them ended.

The zygote is trusted no more than any process of a sandbox: the judge looks by itself whether a
child is confined, and learns who it is from the kernel.
"""

import json
import os
import socket
import threading
import time
from functools import cache
from pathlib import Path

from sandbox.bubblewrap import Entry
from sandbox.launch import Started, judges_side, start
from sandbox.life import first_sender, readable
from sandbox.limits import Limits
from sandbox.printing import printable
from sandbox.wire import SandboxUnavailable

_REPORT_BYTES = 1 << 10
_LAST_BREATH_SECONDS = 1.0
_REHEARSAL_SECONDS = 20.0
_SIGKILL = 9
_NAMESPACES = ("user", "pid", "mnt", "net", "ipc", "uts", "cgroup")
# What /proc/PID/status must say of a child, in hexadecimal as the kernel writes it.
_CONFINED = {
    **dict.fromkeys(("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"), "0" * 16),
    "NoNewPrivs": "1",
    "Seccomp": "2",
}
_STANDARD_FDS = {"0", "1", "2"}


class Zygote:
    """A warm process that forks confined children; its sandbox holds all of theirs."""

    def __init__(self, limits: Limits, threads: int) -> None:
        self._started = start(limits, threads, Entry.ZYGOTE)
        self._control = self._started.channel
        self._lock = threading.Lock()
        self._ends: dict[int, int] = {}
        #: Children that were asked for and not yet let go.
        self.held = 0
        #: Whether a child of it has got ready.
        self.proved = False
        self.pid = 0
        self.births = 0
        self._began = time.monotonic()
        self.closed = False

    @property
    def outer_pid(self) -> int:
        """The outermost process, which every other one dies with."""
        return self._started.life.pid

    def ready(self) -> bool:
        """Look whether torch is imported. Raises SandboxUnavailable when it never will be."""
        sender = first_sender(self._control)
        if sender is None and self._started.life.status() is None:
            return False
        if not sender:
            raise SandboxUnavailable(f"a zygote did not start: {self._said()}")
        self.pid = sender
        return True

    def fork(self) -> Started:
        """Ask for one more child; it says on its socket when it is there.

        Raises SandboxUnavailable.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        printed, printing = os.pipe2(os.O_CLOEXEC)
        self.births += 1
        request = json.dumps({"child": self.births}).encode()
        try:
            socket.send_fds(self._control, [request], [theirs.fileno(), printing])
        except OSError as fault:
            ours.close()
            os.close(printed)
            raise SandboxUnavailable(f"a zygote takes no requests: {fault}") from fault
        finally:
            theirs.close()
            os.close(printing)
        self.held += 1
        return Started(Forked(self, self.births), *judges_side(ours, printed))

    def end_of(self, child: int) -> int | None:
        """Return how a child ended; None while it lives."""
        with self._lock:
            self._hear()
            end = self._ends.get(child)
        if end is None and not self.alive:
            return -_SIGKILL
        return end

    def wait_for(self, seconds: float) -> bool:
        """Wait until some child's end is reported; tell whether one may have been."""
        return readable(self._control.fileno(), seconds)

    @property
    def age(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self._began

    @property
    def alive(self) -> bool:
        """Whether it still holds its children up."""
        return self._started.life.status() is None

    @property
    def fd(self) -> int:
        """Readable once the zygote, and so all its children, can no longer be alive."""
        return self._started.life.fd

    def close(self) -> None:
        """End the zygote and every child it has. May be called again."""
        if self.closed:
            return
        self.closed = True
        self._control.close()  # it ends when nobody asks any more
        self._started.life.end(_LAST_BREATH_SECONDS)
        os.close(self._started.printed_fd)

    def _hear(self) -> None:
        """Take in what is reported. Only this class may be told, so the lock is held."""
        while True:
            try:
                raw = self._control.recv(_REPORT_BYTES)
            except OSError:
                return
            if not raw:
                return
            report = json.loads(raw)
            self._ends[int(report["child"])] = int(report["status"])

    def _said(self) -> str:
        try:
            raw = os.read(self._started.printed_fd, 1 << 12)
        except OSError:
            raw = b""
        return " ".join(printable(raw).split())[-600:] or "it said nothing"


class Forked:
    """The life of a zygote's child. Its namespace's first process is killed by its tree."""

    def __init__(self, zygote: Zygote, child: int) -> None:
        self.zygote = zygote
        self._child = child
        self.fd = zygote.fd
        self.pid = zygote.outer_pid
        self.ancestor = zygote.pid

    def status(self) -> int | None:
        """Return how it ended; None while it lives."""
        return self.zygote.end_of(self._child)

    def wait(self, seconds: float) -> int:
        """Return how it ended. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while True:
            end = self.status()
            if end is not None:
                return end
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("it still lives")
            self.zygote.wait_for(left)

    def end(self, patience: float) -> None:  # noqa: ARG002  (as every life)
        """Let the zygote reap: there is nothing here to kill but the tree, and that has been."""
        self.zygote.held -= 1

    def verify(self, pid: int) -> None:
        """Raise SandboxUnavailable unless this process is confined as a child must be."""
        missing = lacking(pid, self.zygote.pid)
        if missing:
            raise SandboxUnavailable(f"a forked child is not confined: {missing}")
        self.zygote.proved = True


def lacking(pid: int, zygote: int) -> str:
    """Say what a forked child lacks of its confinement; empty when it lacks nothing."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    for name, wanted in _CONFINED.items():
        if status.get(name, "").strip() != wanted:
            return f"{name} is {status.get(name)}"
    if "Seccomp_filters" in status and int(status["Seccomp_filters"]) < 2:
        return "it has no filter of its own"
    for kind in _NAMESPACES:
        if _namespace(pid, kind) == _namespace(zygote, kind):
            return f"it shares the zygote's {kind} namespace"
    extra = set(os.listdir(f"/proc/{pid}/fd")) - _STANDARD_FDS  # noqa: PTH208  (names alone)
    return "" if len(extra) == 1 else f"it holds {len(extra)} more descriptors"


def _namespace(pid: int, kind: str) -> str:
    return os.readlink(f"/proc/{pid}/ns/{kind}")  # noqa: PTH115  (its target is no path)


@cache
def forbidden() -> str:
    """Say why no zygote can work on this machine, found by trying once; empty when one can."""
    try:
        rehearsal = start(Limits(), 1, Entry.REHEARSAL)
    except SandboxUnavailable as fault:
        return str(fault)
    try:
        status = rehearsal.life.wait(_REHEARSAL_SECONDS)
    except TimeoutError:
        status = -1
    rehearsal.life.end(0.0)
    rehearsal.channel.close()
    with os.fdopen(rehearsal.printed_fd, "rb") as printed:
        said = " ".join(printable(printed.read() or b"").split())[-300:]
    return "" if status == 0 else said or f"the rehearsal of a birth left with status {status}"

"""Warm processes, made ahead of time.

Importing torch takes seconds and a submission must not wait for it, so a pool keeps a few confined
processes that have done so. Each runs one submission and is thrown away. Faster pools and
containers speak the same ``Pool``.
"""

import os
import signal
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from sandbox import gpu
from sandbox.closing import close_mount
from sandbox.launch import Started, start
from sandbox.ledger import Ledger
from sandbox.life import Life
from sandbox.limits import Device, Limits
from sandbox.process import Process
from sandbox.tree import kin
from sandbox.wire import SandboxUnavailable
from sandbox.zygote import forbidden

_LOOK_SECONDS = 0.01
_START_LOOKS = 12_000
_AFTER_FAILURE_SECONDS = 5.0
POOL_VARIABLE, SANDBOX_VARIABLE = "SPARRING_POOL", "SPARRING_SANDBOX"


class Pool(Protocol):
    """Whatever gives out confined processes."""

    @property
    def device(self) -> Device:
        """The device that they compute on."""

    def take(self) -> Process:
        """Return a warm process, the caller's to close. Raises SandboxUnavailable."""

    def pause(self) -> AbstractContextManager[None]:
        """Start nothing inside this context, so that a measurement is not disturbed."""

    def close(self) -> None:
        """End every process that was not taken."""


def open_pool(size: int, limits: Limits | None = None, threads: int = 1) -> "WarmPool":
    """Return the quicker pool where this machine can have it, else the one that works anywhere.

    The environment variable ``SPARRING_POOL``, ``zygote`` or ``warm``, decides instead. On a GPU
    nothing is forked, for what CUDA has begun does not survive it; there ``SPARRING_SANDBOX``,
    ``bubblewrap`` or ``container``, says what confines.
    """
    from sandbox.container import ContainerPool
    from sandbox.zygote_pool import ZygotePool

    if limits and limits.device == "cuda":
        contained = os.environ.get(SANDBOX_VARIABLE) == "container"
        return (ContainerPool if contained else WarmPool)(size, limits, threads)
    kind, _ = pool_kind()
    return (ZygotePool if kind == "zygote" else WarmPool)(size, limits, threads)


def pool_kind() -> tuple[str, str]:
    """Return which pool this machine gets, ``zygote`` or ``warm``, and why."""
    asked = os.environ.get(POOL_VARIABLE, "")
    if asked in ("zygote", "warm"):
        return asked, f"{POOL_VARIABLE} asks for it"
    reason = forbidden()
    if reason:
        return "warm", f"no namespaces inside a sandbox's own: {reason}"
    return "zygote", "namespaces inside a sandbox's own are allowed"


@dataclass(slots=True)
class Birth:
    """A process that is not ready yet."""

    process: Process
    life: Life
    looks: int = 0


class WarmPool:
    """Keeps ``size`` processes warm, refilled by one thread of its own.

    Processes belong to the pool even when taken: closing it, or killing its process, ends them.
    """

    def __init__(self, size: int, limits: Limits | None = None, threads: int = 1) -> None:
        if size < 1:
            raise ValueError("a pool holds at least one process")
        self._size = size
        self._limits = limits or Limits()
        self._threads = threads
        self._births: list[Birth] = []
        self._ready: deque[Process] = deque()
        self._taken: list[Process] = []
        self._failure: SandboxUnavailable | None = None
        self._waiting = 0
        self._pauses = 0
        self._held = False
        self._closed = False
        self._change = threading.Condition()
        # A sandbox dies with the thread that started it, so one thread starts them all.
        self._starter = threading.Thread(target=self._refill, name="warm-pool", daemon=True)
        self._starter.start()

    # -- what callers see ----------------------------------------------------------------------

    @property
    def device(self) -> Device:
        """The device that the processes compute on."""
        return self._limits.device

    def take(self) -> Process:
        """Return a warm process at once, or the next one as soon as it is warm.

        Raises SandboxUnavailable when none can be made or the pool is closed.
        """
        with self._change:
            self._waiting += 1
            self._failure = None
            self._change.notify_all()
            try:
                process = self._next()
            finally:
                self._waiting -= 1
            self._change.notify_all()
            self._taken = [taken for taken in self._taken if not taken.closed]
            self._taken.append(process)
            return process

    def _next(self) -> Process:
        """Return the first ready process that lives; wait for one where there is none."""
        while True:
            while not self._ready and not self._closed and self._failure is None:
                self._change.wait()
            if self._closed:
                raise SandboxUnavailable("the pool is closed")
            if not self._ready:
                raise self._failure or SandboxUnavailable("no sandbox could be made")
            process = self._ready.popleft()
            if process.alive:
                return process
            process.close()
            self._change.notify_all()

    @contextmanager
    def pause(self) -> Iterator[None]:
        """Start nothing inside this context; what is starting is stopped, and goes on later.

        A ``take`` that finds the pool empty is served all the same.
        """
        self._pause(1)
        try:
            yield
        finally:
            self._pause(-1)

    def close(self) -> None:
        """End every process of the pool. May be called again."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        self._starter.join()

    def __enter__(self) -> "WarmPool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- the starter's thread ------------------------------------------------------------------

    def _pause(self, step: int) -> None:
        with self._change:
            self._pauses += step
            self._hold_or_release()
            self._change.notify_all()

    def _resting(self) -> bool:
        return self._pauses > 0 and not (self._waiting and not self._ready)

    def _hold_or_release(self) -> None:
        """Stop what is starting when the pool rests, let it go on when it does not."""
        if self._resting() == self._held:
            return
        self._held = self._resting()
        for root in self._starting():
            for pid in kin(root):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSTOP if self._held else signal.SIGCONT)

    def _refill(self) -> None:
        with self._change:
            while not self._closed:
                self._hold_or_release()
                under_way = self._progress()
                self._change.wait(_LOOK_SECONDS if under_way else None)
            for process in (*(b.process for b in self._births), *self._ready, *self._taken):
                process.close()
            self._close_sources()

    def _progress(self) -> bool:
        """Start what is missing and collect what is warm; tell whether anything is under way."""
        if self._resting():
            return False
        try:
            self._start_missing()
            for birth in list(self._births):
                self._look_at(birth)
        except Exception as fault:  # noqa: BLE001  (whoever waits must hear of it, whatever it is)
            self._failure = SandboxUnavailable(str(fault) or type(fault).__name__)
            self._change.notify_all()
            self._change.wait(_AFTER_FAILURE_SECONDS)
        return bool(self._births) or len(self._ready) < self._size

    def _start_missing(self) -> None:
        at_once = min(self._size, os.cpu_count() or 1)
        while len(self._births) < at_once and len(self._births) + len(self._ready) < self._size:
            started = self._begin()
            self._births.append(Birth(self._process(started), started.life))

    def _look_at(self, birth: Birth) -> None:
        """Move a warm process to the ready ones. Raises SandboxUnavailable when it failed."""
        birth.looks += 1
        try:
            warm = birth.process.ready()
            if warm:
                self._finish(birth.process)
            elif birth.looks > _START_LOOKS:
                raise SandboxUnavailable("a sandbox did not get ready in time")
        except (SandboxUnavailable, OSError):
            self._births.remove(birth)
            birth.process.close()
            raise
        if warm:
            self._births.remove(birth)
            self._ready.append(birth.process)
            self._change.notify_all()

    # -- what another source of processes does otherwise ---------------------------------------

    def _begin(self) -> Started:
        """Start one process. Raises SandboxUnavailable."""
        return start(self._limits, self._threads)

    def _process(self, started: Started) -> Process:
        """Return what drives a process that has been started. Raises SandboxUnavailable."""
        return Process(started, self._limits, self._ledger())

    def _finish(self, process: Process) -> None:
        """Close what was open for getting ready alone. Raises SandboxUnavailable."""
        if self.device == "cuda":
            close_mount(process.pid, "/proc")

    def _ledger(self) -> Ledger | None:
        """Return an account of a process's memory on the device, where that has its own."""
        return Ledger(gpu.meter(gpu.chosen())) if self.device == "cuda" else None

    def _starting(self) -> list[int]:
        """Return the roots of what is starting, where the learner's code is not yet."""
        return [birth.process.outer_pid for birth in self._births]

    def _close_sources(self) -> None:
        """End what processes were made from; they have been closed."""

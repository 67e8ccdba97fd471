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

from sandbox.launch import start
from sandbox.limits import Limits
from sandbox.process import Process
from sandbox.tree import children
from sandbox.wire import SandboxUnavailable

_LOOK_SECONDS = 0.01
_START_LOOKS = 12_000
_AFTER_FAILURE_SECONDS = 5.0


class Pool(Protocol):
    """Whatever gives out confined processes."""

    def take(self) -> Process:
        """Return a warm process, the caller's to close. Raises SandboxUnavailable."""

    def pause(self) -> AbstractContextManager[None]:
        """Start nothing inside this context, so that a measurement is not disturbed."""

    def close(self) -> None:
        """End every process that was not taken."""


@dataclass(slots=True)
class _Birth:
    """A process that is importing torch."""

    process: Process
    looks: int = 0

    def signal(self, number: signal.Signals) -> None:
        """Signal everything of it; the learner's code is not there yet."""
        family = [self.process.outer_pid]
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
            family += children(pid)


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
        self._births: list[_Birth] = []
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

    def take(self) -> Process:
        """Return a warm process at once, or the next one as soon as it is warm.

        Raises SandboxUnavailable when none can be made or the pool is closed.
        """
        with self._change:
            self._waiting += 1
            self._failure = None
            self._change.notify_all()
            try:
                while not self._ready and not self._closed and self._failure is None:
                    self._change.wait()
            finally:
                self._waiting -= 1
            if self._closed:
                raise SandboxUnavailable("the pool is closed")
            if not self._ready:
                raise self._failure or SandboxUnavailable("no sandbox could be made")
            self._change.notify_all()
            self._taken = [process for process in self._taken if not process.closed]
            self._taken.append(self._ready.popleft())
            return self._taken[-1]

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
        for birth in self._births:
            birth.signal(signal.SIGSTOP if self._held else signal.SIGCONT)

    def _refill(self) -> None:
        with self._change:
            while not self._closed:
                self._hold_or_release()
                idle = self._resting() or not self._progress()
                self._change.wait(None if idle else _LOOK_SECONDS)
            for process in (*(b.process for b in self._births), *self._ready, *self._taken):
                process.close()

    def _progress(self) -> bool:
        """Start what is missing and collect what is warm; tell whether anything is under way."""
        at_once = min(self._size, os.cpu_count() or 1)
        try:
            while len(self._births) < at_once and len(self._births) + len(self._ready) < self._size:
                self._births.append(
                    _Birth(Process(start(self._limits, self._threads), self._limits))
                )
            for birth in list(self._births):
                self._look_at(birth)
        except (SandboxUnavailable, OSError) as fault:
            self._failure = SandboxUnavailable(str(fault))
            self._change.notify_all()
            self._change.wait(_AFTER_FAILURE_SECONDS)
        return bool(self._births) or len(self._ready) < self._size

    def _look_at(self, birth: _Birth) -> None:
        """Move a warm process to the ready ones. Raises SandboxUnavailable when it failed."""
        birth.looks += 1
        try:
            warm = birth.process.ready()
            if not warm and birth.looks > _START_LOOKS:
                raise SandboxUnavailable("a sandbox did not get ready in time")
        except (SandboxUnavailable, OSError):
            self._births.remove(birth)
            birth.process.close()
            raise
        if warm:
            self._births.remove(birth)
            self._ready.append(birth.process)
            self._change.notify_all()

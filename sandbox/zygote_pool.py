"""Processes forked ahead of time from a zygote, so that none of them imports torch.

A zygote serves for a while and is then replaced: what its children share (the layout of memory, the
seed of hashes) is shared by few. One that dies takes its children along; what ran in them then
counts as our failure.
"""

import time

from sandbox.launch import Started
from sandbox.limits import Limits
from sandbox.pool import Birth, WarmPool
from sandbox.process import Process
from sandbox.wire import SandboxUnavailable
from sandbox.zygote import Forked, Zygote

_MOST_BIRTHS = 128
_MOST_SECONDS = 900.0
_START_SECONDS = 180.0
_PAUSING_SECONDS = 2.0
# A process that was just taken is about to run; its successor can wait for that long.
_GRACE_SECONDS = 0.03


class ZygotePool(WarmPool):
    """Keeps ``size`` forked processes waiting, refilled by one thread of its own."""

    def __init__(self, size: int, limits: Limits | None = None, threads: int = 1) -> None:
        self._zygote: Zygote | None = None
        self._coming: Zygote | None = None
        self._retired: list[Zygote] = []
        self._last_take = 0.0
        super().__init__(size, limits, threads)

    # -- what callers see ----------------------------------------------------------------------

    def _next(self) -> Process:
        process = super()._next()
        self._last_take = time.monotonic()
        return process

    def _pause(self, step: int) -> None:
        """Pause; what is being born comes into the world first, and then nothing runs."""
        super()._pause(step)
        deadline = time.monotonic() + _PAUSING_SECONDS
        with self._change:
            while self._births and self._resting() and time.monotonic() < deadline:
                self._change.wait(_PAUSING_SECONDS)

    # -- the starter's thread ------------------------------------------------------------------

    def _progress(self) -> bool:
        if not self._resting():
            return super()._progress()
        for birth in list(self._births):
            try:
                self._look_at(birth)
            except (SandboxUnavailable, OSError):
                continue  # its zygote is replaced when the pool goes on
        return bool(self._births)

    def _start_missing(self) -> None:
        self._tend()
        hurried = self._waiting and not self._ready
        if self._zygote and (hurried or time.monotonic() - self._last_take > _GRACE_SECONDS):
            super()._start_missing()

    def _begin(self) -> Started:
        assert self._zygote is not None
        return self._zygote.fork()

    def _look_at(self, birth: Birth) -> None:
        """Collect a child. One that fails ends its zygote's service; a first one is told."""
        try:
            super()._look_at(birth)
        except (SandboxUnavailable, OSError):
            assert isinstance(birth.life, Forked)
            if birth.life.zygote is self._zygote:
                self._retire()
            if not birth.life.zygote.proved:
                raise

    def _starting(self) -> list[int]:
        return [self._coming.outer_pid] if self._coming else []

    def _close_sources(self) -> None:
        for zygote in (self._zygote, self._coming, *self._retired):
            if zygote:
                zygote.close()

    # -- zygotes -------------------------------------------------------------------------------

    def _tend(self) -> None:
        """See to it that there is a zygote, and in time another. Raises SandboxUnavailable."""
        for zygote in [old for old in self._retired if not old.held]:
            self._retired.remove(zygote)
            zygote.close()
        if self._zygote and not self._zygote.alive:
            self._retire()
            self._bury()
        if self._coming is None and (self._zygote is None or _due(self._zygote)):
            self._coming = Zygote(self._limits, self._threads)
        if self._coming and self._has_come(self._coming):
            self._retire()
            self._zygote, self._coming = self._coming, None

    def _has_come(self, zygote: Zygote) -> bool:
        try:
            if zygote.ready():
                return True
            if zygote.age > _START_SECONDS and not self._pauses:
                raise SandboxUnavailable("a zygote did not get ready in time")
        except (SandboxUnavailable, OSError):
            self._coming = None
            zygote.close()
            raise
        return False

    def _bury(self) -> None:
        """Give up the waiting processes that died with their zygote."""
        for process in [waiting for waiting in self._ready if not waiting.alive]:
            self._ready.remove(process)
            process.close()

    def _retire(self) -> None:
        """Ask the present zygote for no more children; it ends with the last it has."""
        if self._zygote:
            self._retired.append(self._zygote)
            self._zygote = None


def _due(zygote: Zygote) -> bool:
    """Tell whether a zygote has served long enough. One that had nothing to do may go on."""
    old = zygote.age > _MOST_SECONDS and zygote.births > 1
    return old or zygote.births >= _MOST_BIRTHS

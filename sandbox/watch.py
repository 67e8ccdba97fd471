"""Waiting for one answer while time, memory and output are held to their limits."""

import select
import signal
import socket
import time
from collections.abc import Callable, Iterator

from sandbox.ledger import Ledger
from sandbox.life import Life
from sandbox.limits import MIB, Limits
from sandbox.printing import Printing
from sandbox.tree import Tree
from sandbox.wire import (
    MAX_ANSWER_BYTES,
    Answer,
    Outcome,
    ProtocolFault,
    SandboxUnavailable,
    parse_answer,
)

Tick = Callable[[], None]
LOOK_SECONDS = 0.01
_LOOK_AT_DEVICE_SECONDS = 0.001
_TICK_SECONDS = 0.5
_LAST_BREATH_SECONDS = 2.0


class Ended(Exception):  # noqa: N818
    """A process came to an end, or was found out, instead of answering."""

    def __init__(self, outcome: Outcome, detail: str, number: int | None = None) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail
        self.signal = number


class Watch:
    """Looks at one sandbox from outside, every 10 ms, while its answer is awaited.

    With a ledger of a device's memory it looks every millisecond.
    """

    def __init__(
        self,
        life: Life,
        channel: socket.socket,
        printing: Printing,
        limits: Limits,
        ledger: Ledger | None = None,
    ) -> None:
        self._life = life
        self._ledger = ledger
        self._look_seconds = LOOK_SECONDS if ledger is None else _LOOK_AT_DEVICE_SECONDS
        self._channel = channel
        self._printing = printing
        self._limits = limits
        self._poll = select.poll()
        for fd in (channel.fileno(), printing.fd, life.fd):
            self._poll.register(fd, select.POLLIN)
        self.peak_resident = 0

    def answer(self, nonce: str, tree: Tree, baseline: int, seconds: float, tick: Tick) -> Answer:
        """Return the answer that bears this nonce. Raises Ended, SandboxUnavailable."""
        self.peak_resident = 0
        for _ in self._looks(seconds, tick):
            raw = self._received()
            if raw is not None:
                return self._parsed(raw, nonce)
            self.look(tree, baseline)
        raise AssertionError("waiting ends by an answer or an exception")

    def look(self, tree: Tree, baseline: int) -> int:
        """Return the memory that is in use now. Raises Ended when it is more than is allowed."""
        used = tree.memory_bytes()
        self.peak_resident = max(self.peak_resident, used)
        _hold(used - baseline, self._limits.memory_bytes, "memory")
        if self._ledger:
            held = self._ledger.look()
            _hold(held, self._limits.device_memory_bytes, "the device's memory")
        return used

    def _looks(self, seconds: float, tick: Tick) -> Iterator[None]:
        """Yield whenever something happened, and again and again, until time is over."""
        now = time.monotonic()
        deadline, next_tick = now + seconds, now + _TICK_SECONDS
        while now < deadline:
            self._poll.poll(self._look_seconds * 1000)
            if self._printing.drain():
                limit = self._limits.output_bytes
                raise Ended(Outcome.FLOODED, f"more than {limit:,} bytes were printed")
            yield
            now = time.monotonic()
            if now >= next_tick:
                tick()
                next_tick = now + _TICK_SECONDS
        raise Ended(Outcome.TIMEOUT, f"no result within {seconds:g} seconds")

    def _received(self) -> bytes | None:
        """Return one datagram if there is one. Raises Ended when none can come any more."""
        try:
            raw = self._channel.recv(MAX_ANSWER_BYTES)
        except BlockingIOError:
            if self._life.status() is None:
                return None
            raw = b""
        except OSError:
            raw = b""
        if not raw:
            raise self.obituary()
        return raw

    def _parsed(self, raw: bytes, nonce: str) -> Answer:
        try:
            return parse_answer(raw, nonce)
        except ProtocolFault as fault:
            raise Ended(Outcome.DIED, f"the process sent {fault}") from fault

    def silent(self) -> bool:
        """Tell whether nothing more than the one answer was sent."""
        try:
            return not self._channel.recv(1)
        except BlockingIOError:
            return True
        except OSError:
            return False

    def obituary(self) -> Ended:
        """Say how the process ended. Raises SandboxUnavailable when it was not its own doing."""
        try:
            status = self._life.wait(_LAST_BREATH_SECONDS)
        except TimeoutError:
            return Ended(Outcome.DIED, "the process closed its channel to the judge")
        if status < 0:
            raise SandboxUnavailable(f"a sandbox was killed from outside by signal {-status}")
        return _ended(status)


def _hold(used: int, limit: int, what: str) -> None:
    if used > limit:
        told = f"more than {limit // MIB} MiB of {what} were in use"
        raise Ended(Outcome.OUT_OF_MEMORY, told)


def _ended(status: int) -> Ended:
    """Read an exit status: the process's own, or 128 and its signal."""
    number = status - 128
    if number == signal.SIGSYS:
        detail = "killed for a system call that no submission needs"
        return Ended(Outcome.FORBIDDEN, detail, number)
    if number == signal.SIGXCPU:
        return Ended(Outcome.TIMEOUT, "no CPU time was left", number)
    if number in set(signal.Signals):
        name = signal.Signals(number).name
        return Ended(Outcome.DIED, f"the process was killed by signal {number} ({name})", number)
    return Ended(Outcome.DIED, f"the process left with status {status} instead of returning")

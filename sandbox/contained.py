"""One process in a container, driven from outside as any other is.

The engine stops all of a container at once, in tens of milliseconds: so the result is copied before
that, and what is written later is not seen. Which of its processes used how much time or memory is
not known; the clock that counts is the wall's.
"""

import subprocess
import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sandbox.engine import Engine
from sandbox.exchange import Exchange
from sandbox.launch import Started
from sandbox.ledger import Ledger
from sandbox.life import Alone
from sandbox.limits import Limits
from sandbox.process import Process
from sandbox.tree import Clocks, NotStill, Seen, Tree
from sandbox.watch import Ended, Watch
from sandbox.wire import Outcome, Reply, SandboxUnavailable, encode_request


class Contained(Alone):
    """A container, seen by the program that holds it up. Killing that would not end it."""

    def __init__(
        self, outer: subprocess.Popen[bytes], using: Engine, name: str, exchange: Exchange
    ) -> None:
        super().__init__(outer)
        self.engine, self.name, self.exchange = using, name, exchange

    def end(self, patience: float) -> None:
        """Remove the container, then see its program end."""
        if self.status() is None:
            # It may have just gone by itself; what has not is stale later.
            with suppress(SandboxUnavailable):
                self.engine.ask("rm", "--force", self.name)
            patience = max(patience, 1.0)
        super().end(patience)
        self.exchange.close()


class Together(Tree):
    """A container's processes, stopped and let go on by the engine, all at once.

    They have no numbers here: one stands for all. No clock and no memory of theirs is known.
    """

    _ALL = 0

    def __init__(self, using: Engine, name: str) -> None:
        self._engine, self._name = using, name
        self._stopped = False

    def walk(self) -> list[Seen]:
        """Return the one that stands for all."""
        return [Seen(self._ALL, self._stopped)]

    def stop(self, patience: float = 2.0) -> list[int]:  # noqa: ARG002  (as every tree)
        """Stop all. Raises NotStill."""
        if not self._stopped:
            try:
                self._engine.ask("pause", self._name)
            except SandboxUnavailable as fault:
                raise NotStill(str(fault)) from fault
            self._stopped = True
        return self.members()

    def resume(self, members: list[int], core: int | None = None) -> None:  # noqa: ARG002
        """Let all go on. Raises SandboxUnavailable."""
        self._engine.ask("unpause", self._name)
        self._stopped = False

    def kill(self) -> None:
        """Do nothing: the container's end ends all."""

    def clocks(self, members: list[int]) -> Clocks:  # noqa: ARG002
        """Return clocks that never move."""
        return Clocks(0.0, {})

    def resident_bytes(self) -> int:
        """Return 0: the engine holds memory to its limit, and tells of no peak."""
        return 0

    def memory_bytes(self) -> int:
        """Return 0, as above."""
        return 0


class ContainedProcess(Process):
    """A process in a container: its files are copied to folders, its channel is connected to."""

    def __init__(self, started: Started, limits: Limits, ledger: Ledger | None = None) -> None:
        super().__init__(started, limits, ledger)
        assert isinstance(started.life, Contained)
        self._container = started.life
        self._admitted = False

    def ready(self) -> bool:
        """Let the process in, then look whether it got ready. Raises SandboxUnavailable."""
        if not self._admitted:
            channel = self._container.exchange.admit()
            if channel is not None:
                self._channel, self._admitted = channel, True
                self._watch = Watch(
                    self._container, channel, self._printing, self._limits, self._ledger
                )
            elif self._life.status() is not None:
                raise SandboxUnavailable(self._stillborn())
            return False
        try:
            said = self._channel.recv(1 << 12)
        except BlockingIOError:
            return False
        if not said:
            raise SandboxUnavailable(self._stillborn())
        self._bind(0, Together(self._container.engine, self._container.name))
        return True

    def _reveal(
        self, tree: Tree, members: list[int], request: dict[str, Any], fds: list[int]
    ) -> float:
        """Let all go on, and then tell the names of the files: they cannot be found before."""
        if request["do"] == "steps" or request.get("ring"):
            raise SandboxUnavailable("a container has no channels for steps or rings")
        count = len(request["inputs"]) if request["do"] == "call" else len(fds)
        target = fds[count] if count < len(fds) else None
        names = self._container.exchange.lend(fds[:count], target)
        message = encode_request({**request, "files": names})
        if self._frozen:
            tree.resume(members)
        began = time.monotonic()
        try:
            self._channel.send(message)
        except OSError:
            raise self._watch.obituary() from None
        return began

    def _conclude(self, tree: Tree, began: float) -> tuple[Clocks, float]:
        """Take the result, stop the clock, and only then have all stopped, which takes longer."""
        whole = self._container.exchange.collect()
        wall = time.monotonic() - began
        self._container.exchange.take_back()
        if not whole:
            raise Ended(Outcome.DIED, "the process changed the size of its result")
        return self._freeze(tree), wall

    def _timed(self, *arguments: Any) -> Reply:
        """Answer as any process, by the only clock that is known here."""
        return replace(super()._timed(*arguments), timed_by="wall")

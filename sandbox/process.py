"""One single-use confined process, driven from outside.

``load`` and ``call`` each send one request, wait for its one answer while time, memory and output
are watched, and then stop every process of the sandbox: between requests nothing of the learner's
runs, and that is checked by their clocks.
"""

import contextlib
import os
import secrets
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sandbox import memory, placing
from sandbox import tree as trees
from sandbox.buffers import SealedInputs, copy, poisoned_output, sealed
from sandbox.launch import Started
from sandbox.ledger import Ledger
from sandbox.life import first_sender
from sandbox.limits import Limits
from sandbox.printing import Printing
from sandbox.steps import Feeder
from sandbox.tree import Clocks, NotStill, Seen, Tree
from sandbox.watch import Ended, Tick, Watch
from sandbox.wire import (
    PLAIN,
    Array,
    Manner,
    Outcome,
    OutputSpec,
    Reply,
    SandboxUnavailable,
    byte_count,
    call_request,
    encode_request,
)

#: CPU time that stopped processes may seem to have used: the grain of the clocks.
_IDLE_SECONDS = 0.001
_LAST_BREATH_SECONDS = 1.0
#: How long a process that was found running may already have been dying, by no doing of its own.
_DYING_SECONDS = 0.2


def _no_tick() -> None:
    """Do nothing each half second."""


class Process:
    """A warm Python with torch imported that runs one submission and is then thrown away."""

    def __init__(self, started: Started, limits: Limits, ledger: Ledger | None = None) -> None:
        self._life = started.life
        self._channel = started.channel
        self._printing = Printing(started.printed_fd, limits.output_bytes)
        self._limits = limits
        self._ledger = ledger
        self._watch = Watch(started.life, started.channel, self._printing, limits, ledger)
        self._tree: Tree | None = None
        self._baseline = 0
        self._frozen: Clocks | None = None
        self.pid = 0
        self.closed = False

    @property
    def outer_pid(self) -> int:
        """The outermost process, which every other one of the sandbox dies with."""
        return self._life.pid

    @property
    def alive(self) -> bool:
        """Whether it has not ended by itself."""
        return not self.closed and self._life.status() is None

    # -- birth ---------------------------------------------------------------------------------

    def ready(self) -> bool:
        """Look whether torch is imported; then bind the process. Raises SandboxUnavailable."""
        sender = first_sender(self._channel)
        if sender is None and self._life.status() is None:
            return False
        if not sender:
            raise SandboxUnavailable(self._stillborn())
        self._life.verify(sender)
        self._bind(sender, Tree(trees.parent(sender), self._life.ancestor))
        return True

    def _bind(self, pid: int, tree: Tree) -> None:
        """Take up a process that got ready: what it holds now is nobody's doing."""
        self.pid, self._tree = pid, tree
        self._baseline = tree.resident_bytes()

    def _stillborn(self) -> str:
        status: int | None = None
        with contextlib.suppress(TimeoutError, SandboxUnavailable):
            status = self._life.wait(_LAST_BREATH_SECONDS)
        self._printing.drain()
        said = " ".join(self._printing.text.split())[-600:]
        return f"a sandbox did not start (status {status}): {said}"

    # -- requests ------------------------------------------------------------------------------

    def load(
        self,
        source: bytes,
        function: str,
        positional: Sequence[str],
        keywords: Sequence[str] = (),
        ruled_out: Sequence[str] = (),
        tick: Tick = _no_tick,
    ) -> Reply:
        """Compile and run a submission's file and find its function.

        Outcomes: ``done``; ``invalid`` when it does not parse, names what is ruled out, or has no
        such function that takes ``function(*positional, **keywords)``; or as for any call.
        """
        request: dict[str, object] = {
            "do": "load",
            "function": function,
            "positional": list(positional),
            "keywords": list(keywords),
            "ruled_out": list(ruled_out),
        }
        fd = sealed("source", memoryview(source))
        try:
            return self._request(request, [fd], 0, self._limits.import_seconds, tick)
        finally:
            os.close(fd)

    def call(
        self,
        inputs: Mapping[str, Array] | SealedInputs,
        parameters: Mapping[str, int],
        output: OutputSpec,
        manner: Manner = PLAIN,
        *,
        seconds: float | None = None,
        tick: Tick = _no_tick,
        private_inputs: bool = False,
    ) -> Reply:
        """Call the learner's function once with these inputs and parameters, these by name.

        With ``private_inputs`` a write to an input is survived and reported instead of fatal.
        Raises ValueError for arrays of the wrong size, SandboxUnavailable when the sandbox failed
        by itself.
        """
        if not isinstance(inputs, SealedInputs):
            with SealedInputs(inputs) as own:
                return self.call(
                    own,
                    parameters,
                    output,
                    manner,
                    seconds=seconds,
                    tick=tick,
                    private_inputs=private_inputs,
                )
        size = byte_count(output.dtype, output.shape)
        request = call_request(inputs.arrays, parameters, output, manner, private_inputs)
        seat = [manner.seat.fd] if manner.seat else []
        target, result = poisoned_output(size), memoryview(bytearray(size))
        try:
            fds = [*inputs.fds, target, *seat]
            reply = self._timed(request, fds, inputs.size + size, seconds, tick)
            if reply.outcome is Outcome.DONE:
                began = time.monotonic()
                copy(target, result)
                wall = reply.wall_seconds + time.monotonic() - began
                reply = replace(reply, output=result, wall_seconds=wall)
            return reply
        finally:
            os.close(target)

    def steps(
        self,
        inputs: Mapping[str, Array],
        parameters: Mapping[str, int],
        output: OutputSpec,
        manner: Manner,
        *,
        seconds: float | None = None,
        tick: Tick = _no_tick,
        private_inputs: bool = False,
    ) -> Reply:
        """Call the function once for each entry of the first axis, with the state that it keeps.

        A step's inputs are revealed when the step before has been answered, and each answer is
        copied at once. Otherwise as ``call``.
        """
        with Feeder(inputs, output) as feeder:
            request = call_request(inputs, parameters, output, manner, private_inputs)
            request |= {"do": "steps", "steps": output.shape[0]}
            fds = [*feeder.inputs.fds, feeder.output_fd, feeder.theirs.fileno()]
            mapped = feeder.inputs.size + feeder.result.nbytes
            feeder.start()
            reply = self._timed(request, fds, mapped, seconds, tick)
        if reply.outcome is Outcome.DONE:
            reply = replace(reply, output=feeder.result)
        return reply

    def _timed(
        self,
        request: dict[str, Any],
        fds: list[int],
        mapped: int,
        seconds: float | None,
        tick: Tick,
    ) -> Reply:
        wait = self._limits.call_seconds if seconds is None else seconds
        reply = self._request(request, fds, mapped, wait, tick)
        if request["private"] and not self.closed:
            names = tuple(spec["name"] for spec in request["inputs"])
            reply = replace(reply, inputs_written=memory.written_maps(self.pid, names))
        return reply

    def _request(
        self, request: dict[str, object], fds: list[int], mapped: int, seconds: float, tick: Tick
    ) -> Reply:
        """Ask, wait, freeze, measure. A process that broke a rule is killed."""
        if self.closed or self._tree is None:
            return Reply(Outcome.DIED, detail="the process has ended already")
        start = time.monotonic()
        try:
            return self._exchange(self._tree, request, fds, mapped, seconds, tick)
        except PermissionError:
            end = Ended(Outcome.DIED, "the process hid itself from the judge")
        except Ended as found:
            end = found
        except BaseException:
            self.close()
            raise
        self.close()
        wall = time.monotonic() - start
        return Reply(end.outcome, wall_seconds=wall, detail=end.detail, signal=end.signal)

    def _exchange(
        self,
        tree: Tree,
        request: dict[str, object],
        fds: list[int],
        mapped: int,
        seconds: float,
        tick: Tick,
    ) -> Reply:
        nonce = secrets.token_hex(8)
        seen = tree.walk()  # nothing can be born while all are stopped
        members = [one.pid for one in seen]
        before = self._must_have_slept(tree, seen)
        exact = memory.reset_peak(self.pid)
        if self._ledger:
            self._ledger.begin()
        began = self._reveal(tree, members, {**request, "nonce": nonce}, fds)
        answer = self._watch.answer(nonce, tree, self._baseline, seconds, tick)
        after, wall = self._conclude(tree, began)
        kept = max(0, self._watch.look(tree, self._baseline) - self._baseline)
        peak = max(self._watch.peak_resident, memory.peak(self.pid) if exact else 0)
        extra = max(0, peak - self._baseline - mapped)
        reply = Reply(answer.outcome, None, after.since(before), wall, extra, kept, answer.detail)
        return self._ledger.added(reply, mapped) if self._ledger else reply

    def _reveal(
        self, tree: Tree, members: list[int], request: dict[str, object], fds: list[int]
    ) -> float:
        """Send a request, let the stopped tree go on, and return when the clock began to run."""
        message = encode_request(request)
        began = time.monotonic()
        try:
            socket.send_fds(self._channel, [message], fds)
        except OSError:
            raise self._watch.obituary() from None
        if self._frozen:
            tree.resume(members, placing.core())
        return began

    def _conclude(self, tree: Tree, began: float) -> tuple[Clocks, float]:
        """Stop the tree that has answered; return its clocks and the seconds since it began."""
        after = self._freeze(tree)
        return after, time.monotonic() - began

    # -- freezing ------------------------------------------------------------------------------

    def _freeze(self, tree: Tree) -> Clocks:
        """Stop everything after an answer. Raises Ended when that shows a broken rule."""
        try:
            members = tree.stop()
        except NotStill as fault:
            raise Ended(Outcome.DIED, f"the process went on after its answer: {fault}") from None
        self._frozen = tree.clocks(members)
        if not self._watch.silent():
            raise Ended(Outcome.DIED, "the process sent more than one answer")
        if self.pid not in members:
            raise self._watch.obituary()
        return self._frozen

    def _must_have_slept(self, tree: Tree, seen: list[Seen]) -> Clocks:
        """Return what the clocks show. Raises Ended when a stopped process has run."""
        now = tree.clocks([one.pid for one in seen])
        if self._frozen is None:
            return now
        stopped = all(one.still for one in seen)
        if not stopped or now.seconds - self._frozen.seconds > _IDLE_SECONDS:
            with contextlib.suppress(TimeoutError):
                self._life.wait(_DYING_SECONDS)
                raise self._watch.obituary()
            raise Ended(Outcome.DIED, "the process ran between two calls")
        return now

    # -- the rest ------------------------------------------------------------------------------

    @property
    def printed(self) -> str:
        """What was printed, safe to show as text, at most 20,000 characters."""
        return self._printing.text

    def close(self) -> None:
        """End the process and everything it started. May be called again."""
        if self.closed:
            return
        self.closed = True
        if self._tree is not None:
            self._tree.kill()
        self._life.end(0.0 if self._tree is None else _LAST_BREATH_SECONDS)
        self._channel.close()
        self._printing.close()

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

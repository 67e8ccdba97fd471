"""One single-use confined process, driven from outside.

``load`` and ``call`` each send one request, wait for its one answer while time, memory and output
are watched, and then stop every process of the sandbox: between requests nothing of the learner's
runs, and that is checked by their clocks.
"""

import contextlib
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sandbox import tree as trees
from sandbox.buffers import SealedInputs, copied, poisoned_output, sealed
from sandbox.launch import Started
from sandbox.limits import Limits
from sandbox.printing import Printing
from sandbox.tree import NotStill, Tree
from sandbox.watch import Ended, Tick, Watch
from sandbox.wire import (
    Array,
    Outcome,
    OutputSpec,
    Reply,
    SandboxUnavailable,
    byte_count,
    encode_request,
)

#: CPU time that stopped processes may seem to have used: the grain of the clocks.
_IDLE_SECONDS = 0.001
_LAST_BREATH_SECONDS = 1.0


def _no_tick() -> None:
    """Do nothing each half second."""


class Process:
    """A warm Python with torch imported that runs one submission and is then thrown away."""

    def __init__(self, started: Started, limits: Limits) -> None:
        self._outer = started.outer
        self._channel = started.channel
        self._printing = Printing(started.printed_fd, limits.output_bytes)
        self._limits = limits
        self._watch = Watch(started.outer, started.channel, self._printing, limits)
        self._tree: Tree | None = None
        self._baseline = 0
        self._frozen_at = 0.0
        self._frozen = False
        self.pid = 0
        self.closed = False

    @property
    def outer_pid(self) -> int:
        """The outermost process, which every other one of the sandbox dies with."""
        return self._outer.pid

    # -- birth ---------------------------------------------------------------------------------

    def ready(self) -> bool:
        """Look whether torch is imported; then bind the process. Raises SandboxUnavailable."""
        try:
            raw = self._channel.recv(1 << 12)
        except BlockingIOError:
            if self._outer.poll() is None:
                return False
            raw = b""
        if not raw:
            raise SandboxUnavailable(self._stillborn())
        self._tree = Tree(_only_child(self._outer.pid))
        self.pid = _only_child(self._tree.first)
        self._baseline = self._tree.resident_bytes()
        return True

    def _stillborn(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._outer.wait(1)
        self._printing.drain()
        said = " ".join(self._printing.text.split())[-600:]
        return f"a sandbox did not start (status {self._outer.returncode}): {said}"

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
        *,
        seconds: float | None = None,
        tick: Tick = _no_tick,
        private_inputs: bool = False,
    ) -> Reply:
        """Call the learner's function once with these inputs, by position, and parameters.

        With ``private_inputs`` a write to an input is survived and reported instead of fatal.
        Raises ValueError for empty arrays, SandboxUnavailable when the sandbox failed by itself.
        """
        if isinstance(inputs, SealedInputs):
            return self._call(inputs, parameters, output, seconds, tick, private_inputs)
        with SealedInputs(inputs) as own:
            return self._call(own, parameters, output, seconds, tick, private_inputs)

    def _call(
        self,
        inputs: SealedInputs,
        parameters: Mapping[str, int],
        output: OutputSpec,
        seconds: float | None,
        tick: Tick,
        private: bool,
    ) -> Reply:
        size = byte_count(output.dtype, output.shape)
        request: dict[str, object] = {
            "do": "call",
            "inputs": [{"dtype": a.dtype, "shape": list(a.shape)} for a in inputs.arrays.values()],
            "parameters": dict(parameters),
            "output": {"dtype": output.dtype, "shape": list(output.shape)},
            "private": private,
        }
        wait = self._limits.call_seconds if seconds is None else seconds
        target = poisoned_output(size)
        try:
            fds = [*inputs.fds, target]
            reply = self._request(request, fds, inputs.size + size, wait, tick)
            if private and not self.closed:
                names = trees.written_maps(self.pid, tuple(inputs.arrays))
                reply = replace(reply, inputs_written=names)
            if reply.outcome is Outcome.DONE:
                reply = replace(reply, output=copied(target, size))
            return reply
        finally:
            os.close(target)

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
        message = encode_request({**request, "nonce": nonce})
        self._must_have_slept(tree)
        exact = trees.reset_peak(self.pid)
        cpu, wall = tree.cpu_seconds(), time.monotonic()
        try:
            socket.send_fds(self._channel, [message], fds)
        except OSError:
            raise self._watch.obituary() from None
        tree.resume()
        answer = self._watch.answer(nonce, tree, self._baseline, seconds, tick)
        self._freeze(tree)
        wall = time.monotonic() - wall
        cpu = self._frozen_at - cpu
        peak = max(self._watch.peak_resident, trees.peak(self.pid) if exact else 0)
        extra = max(0, peak - self._baseline - mapped)
        return Reply(answer.outcome, None, cpu, wall, extra, answer.detail)

    # -- freezing ------------------------------------------------------------------------------

    def _freeze(self, tree: Tree) -> None:
        """Stop everything after an answer. Raises Ended when that shows a broken rule."""
        try:
            tree.stop()
        except NotStill as fault:
            raise Ended(Outcome.DIED, f"the process went on after its answer: {fault}") from None
        self._frozen, self._frozen_at = True, tree.cpu_seconds()
        if not self._watch.silent():
            raise Ended(Outcome.DIED, "the process sent more than one answer")
        if self.pid not in tree.members():
            raise self._watch.obituary()

    def _must_have_slept(self, tree: Tree) -> None:
        """Raise Ended when a stopped process has run."""
        if not self._frozen:
            return
        if not tree.still() or tree.cpu_seconds() - self._frozen_at > _IDLE_SECONDS:
            raise Ended(Outcome.DIED, "the process ran between two calls")

    # -- the rest ------------------------------------------------------------------------------

    def pin(self, core: int) -> bool:
        """Keep the whole tree on one core from now on; it cannot leave it.

        Return whether this is permitted: root in a container may lack the right to.
        """
        if self._tree is None or self.closed:
            return False
        try:
            self._tree.pin(core)
        except PermissionError:
            return False
        return True

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
            # The outer process reaps the inner ones and follows; killed first, it would leave
            # them to whatever adopts orphans on this machine.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._outer.wait(_LAST_BREATH_SECONDS)
        self._outer.kill()
        self._outer.wait()
        self._watch.close()
        self._channel.close()
        self._printing.close()

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _only_child(pid: int) -> int:
    """Return the one child of a process. Raises SandboxUnavailable when there are others."""
    found = trees.children(pid)
    if len(found) != 1:
        raise SandboxUnavailable(f"a sandbox has {len(found)} processes where one was due")
    return found[0]

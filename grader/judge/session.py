"""One function in a sandbox, and what its replies mean for the learner."""

import signal
import time
from dataclasses import dataclass

import torch
from torch import Tensor

from grader.contract import Exercise, Failure
from grader.judge import messages
from grader.judge.calls import Call
from grader.judge.timekeeper import Timekeeper
from sandbox.buffers import SealedInputs
from sandbox.pool import Pool
from sandbox.process import Process
from sandbox.wire import Array, Outcome, OutputSpec, Reply

_REFERENCE_SECONDS = 60.0
_MEMORY_FAULTS = {signal.SIGSEGV, signal.SIGBUS}


class Failed(Exception):  # noqa: N818  (a finding about a submission)
    """The submission does not pass, for this reason."""

    def __init__(
        self, failure: Failure, message: str, *, traceback: str = "", call: Call | None = None
    ) -> None:
        super().__init__(message)
        self.failure, self.message = failure, messages.clip(message)
        self.traceback, self.call = traceback, call


class BrokenReferenceError(Exception):
    """A reference failed or was wrong: our fault."""


@dataclass(frozen=True)
class Answer:
    """What one call gave and cost. ``output`` is a private copy."""

    output: Tensor
    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int


@dataclass(frozen=True)
class Source:
    """A file and the function in it; ``parameters`` arrive by keyword."""

    code: bytes
    function: str
    parameters: tuple[str, ...]
    ruled_out: tuple[str, ...] = ()


class Session:
    """A function loaded into its own single-use process."""

    def __init__(
        self, process: Process, source: Source, keeper: Timekeeper, seconds: float
    ) -> None:
        self.process, self.source = process, source
        self._keeper, self._seconds = keeper, seconds

    def load(self) -> Reply:
        """Compile and import the file."""
        return self.process.load(
            self.source.code,
            self.source.function,
            ("q", "k", "v"),
            self.source.parameters,
            self.source.ruled_out,
            self._keeper.tick,
        )

    def call(
        self, call: Call, inputs: SealedInputs | None = None, *, private_inputs: bool = False
    ) -> Reply:
        """Make one call, within what is left of the budget; ``inputs`` if sealed already."""
        return self.process.call(
            arrays(call) if inputs is None else inputs,
            dict(call.parameters),
            OutputSpec("float32", tuple(call.q.shape)),
            seconds=max(0.5, min(self._seconds, self._keeper.seconds_left)),
            tick=self._keeper.tick,
            private_inputs=private_inputs,
        )


class Candidate:
    """The submission: every failure of its process becomes a ``Failed``."""

    def __init__(self, exercise: Exercise, code: bytes, pool: Pool, keeper: Timekeeper) -> None:
        self._exercise, self._pool, self._keeper = exercise, pool, keeper
        self._source = Source(code, exercise.function, exercise.parameters, exercise.ruled_out)
        # Waiting until a sandbox is warm is nobody's time.
        with keeper.waiting():
            self.session = self._open()

    def _open(self) -> Session:
        process = self._pool.take()
        return Session(process, self._source, self._keeper, self._exercise.call_seconds)

    def load(self) -> None:
        """Import the submission."""
        started = time.monotonic()
        reply = self.session.load()
        self._keeper.charge("candidate", time.monotonic() - started)
        if reply.outcome is not Outcome.DONE:
            raise failure_of(reply, None, self._exercise.call_seconds)

    def run(self, call: Call, inputs: SealedInputs | None = None) -> Answer:
        """Make one call. Raises Failed."""
        if self._keeper.seconds_left <= 0:
            raise Failed(Failure.TIMEOUT, messages.TIMEOUT_WHOLE, call=call)
        reply = self.session.call(call, inputs)
        self._keeper.charge("candidate", reply.wall_seconds)
        if reply.outcome is Outcome.DONE:
            return answer_of(reply, call)
        if reply.signal in _MEMORY_FAULTS and self._survives_private_inputs(call):
            raise Failed(Failure.FORBIDDEN, messages.FORBIDDEN_WRITE, call=call)
        if reply.outcome is Outcome.TIMEOUT and self._keeper.seconds_left <= 0:
            raise Failed(Failure.TIMEOUT, messages.TIMEOUT_WHOLE, call=call)
        raise failure_of(reply, call, self._exercise.call_seconds)

    def peak_afresh(self, call: Call) -> int | None:
        """Return the peak of this call in a process that made no other; None if it fails there."""
        with self._keeper.waiting():
            again = self._open()
        try:
            if again.load().outcome is not Outcome.DONE:
                return None
            reply = again.call(call)
            self._keeper.charge("candidate", reply.wall_seconds)
            return reply.peak_bytes if reply.outcome is Outcome.DONE else None
        finally:
            again.process.close()

    def _survives_private_inputs(self, call: Call) -> bool:
        """Tell a write to a read-only input from a crash, by a call that may write."""
        again = self._open()
        try:
            if again.load().outcome is not Outcome.DONE:
                return False
            reply = again.call(call, private_inputs=True)
            return reply.outcome is Outcome.DONE or bool(reply.inputs_written)
        finally:
            again.process.close()

    def close(self) -> None:
        """End the process."""
        self.session.process.close()


class Reference:
    """An implementation of ours in a sandbox of its own: any failure of it is our fault."""

    def __init__(self, source: Source, pool: Pool, keeper: Timekeeper) -> None:
        self._keeper = keeper
        with keeper.waiting():
            self.session = Session(pool.take(), source, keeper, _REFERENCE_SECONDS)
        started = time.monotonic()
        self._done(self.session.load())
        keeper.charge("reference", time.monotonic() - started)

    def run(self, call: Call, inputs: SealedInputs | None = None) -> Answer:
        """Make one call. Raises BrokenReferenceError."""
        reply = self._done(self.session.call(call, inputs))
        self._keeper.charge("reference", reply.wall_seconds)
        return answer_of(reply, call)

    def _done(self, reply: Reply) -> Reply:
        if reply.outcome is not Outcome.DONE:
            raise BrokenReferenceError(f"{self.session.source.function}: {reply.outcome}")
        return reply

    def close(self) -> None:
        """End the process."""
        self.session.process.close()


def arrays(call: Call) -> dict[str, Array]:
    """Return a call's tensors as they cross to a sandbox."""
    return {
        name: Array("float32", tuple(tensor.shape), tensor.numpy())
        for name, tensor in call.tensors.items()
    }


def answer_of(reply: Reply, call: Call) -> Answer:
    """Return a reply's output as a tensor of the shape of q, with its costs."""
    assert reply.output is not None
    output = torch.frombuffer(reply.output, dtype=torch.float32).reshape(call.q.shape)
    return Answer(output, reply.cpu_seconds, reply.wall_seconds, reply.peak_bytes)


def failure_of(reply: Reply, call: Call | None, seconds: float) -> Failed:
    """Return what an unsuccessful reply to ``call``, or to the import if None, means."""
    failure, template = _MEANING[reply.outcome]
    if call is None:
        template = _AT_IMPORT.get(reply.outcome, template)
    # One line is a sentence to tell; several are an excerpt of the learner's file.
    lines = reply.detail.strip().splitlines() or [""]
    traceback = reply.detail if len(lines) > 1 else ""
    if traceback and reply.outcome is Outcome.INVALID:
        template = messages.DOES_NOT_PARSE
    message = template.format(
        where=place(call),
        seconds=seconds,
        detail=reply.detail.strip().removesuffix("."),
        last=lines[-1],
        signal=f" (signal {reply.signal})" if reply.signal else "",
    )
    return Failed(failure, message, traceback=traceback, call=call)


def place(call: Call | None) -> str:
    """Return at which call, for the middle of a sentence."""
    return "" if call is None else f" (at {call})"


_MEANING = {
    Outcome.INVALID: (Failure.INVALID, messages.INVALID),
    Outcome.RAISED: (Failure.CRASHED, messages.RAISED),
    Outcome.WRONG_SHAPE: (Failure.WRONG_SHAPE, messages.WRONG_SHAPE),
    Outcome.FORBIDDEN: (Failure.FORBIDDEN, messages.FORBIDDEN_CALL),
    Outcome.OUT_OF_MEMORY: (Failure.OUT_OF_MEMORY, messages.OUT_OF_MEMORY),
    Outcome.TIMEOUT: (Failure.TIMEOUT, messages.TIMEOUT),
    Outcome.FLOODED: (Failure.CRASHED, messages.FLOODED),
    Outcome.DIED: (Failure.CRASHED, messages.DIED),
}
_AT_IMPORT = {
    Outcome.RAISED: messages.RAISED_IMPORT,
    Outcome.TIMEOUT: messages.TIMEOUT_IMPORT,
}

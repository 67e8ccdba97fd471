"""One function in a sandbox: how it is loaded and called."""

import time
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from grader.contract import Exercise
from grader.judge.calls import Call
from grader.judge.findings import Answer, BrokenReferenceError
from grader.judge.timekeeper import Timekeeper
from sandbox.buffers import SealedInputs
from sandbox.pool import Pool
from sandbox.process import Process
from sandbox.wire import PLAIN, Array, Freed, Manner, Outcome, OutputSpec, Reply

_REFERENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Source:
    """A file, the function in it, and what it is called with.

    After q, k and v comes ``fourth``, where it is not empty. ``integers`` and ``tensors`` go by
    keyword.
    """

    code: bytes
    function: str
    integers: tuple[str, ...] = ()
    tensors: tuple[str, ...] = ()
    fourth: str = ""
    ruled_out: tuple[str, ...] = ()

    @property
    def positional(self) -> tuple[str, ...]:
        """Names of what goes by position."""
        return ("q", "k", "v", self.fourth) if self.fourth else ("q", "k", "v")


_FOURTH = {"attention": "", "ring": "ring", "decode": "state"}


def source_for(exercise: Exercise, code: bytes) -> Source:
    """Return a submission to this exercise."""
    return Source(
        code,
        exercise.function,
        exercise.parameters,
        exercise.tensors,
        _FOURTH[exercise.form],
        exercise.ruled_out,
    )


class Session:
    """A function loaded into its own single-use process."""

    def __init__(
        self, process: Process, source: Source, keeper: Timekeeper, seconds: float
    ) -> None:
        self.process, self.source = process, source
        self._keeper, self._seconds = keeper, seconds
        self._freed: Freed = ""

    def keep_memory(self) -> None:
        """Have whole calls, from the next one on, keep the memory that they free."""
        self._freed = "kept"

    def load(self) -> Reply:
        """Compile and import the file."""
        return self.process.load(
            self.source.code,
            self.source.function,
            self.source.positional,
            (*self.source.integers, *self.source.tensors),
            self.source.ruled_out,
            self._keeper.tick,
        )

    def call(
        self,
        call: Call,
        inputs: SealedInputs | None = None,
        manner: Manner = PLAIN,
        *,
        private_inputs: bool = False,
        tells: bool = True,
    ) -> Reply:
        """Make one call, within what is left of the budget; ``inputs`` if sealed already.

        Of several at once, one ``tells`` that it goes on.
        """
        return self.process.call(
            arrays(call) if inputs is None else inputs,
            self._integers(call),
            OutputSpec("float32", tuple(call.q.shape)),
            replace(manner, freed=manner.freed or self._freed),
            seconds=self._patience(),
            tick=self._keeper.tick if tells else _no_tick,
            private_inputs=private_inputs,
        )

    def steps(self, call: Call, manner: Manner, *, private_inputs: bool = False) -> Reply:
        """Make one call for each position, in turn."""
        steps = {
            name: Array("float32", (call.n, *one.shape[:2], 1, one.shape[3]), stepwise(one).numpy())
            for name, one in (("q", call.q), ("k", call.k), ("v", call.v))
        }
        return self.process.steps(
            steps,
            self._integers(call),
            OutputSpec("float32", steps["q"].shape),
            manner,
            seconds=self._patience(),
            tick=self._keeper.tick,
            private_inputs=private_inputs,
        )

    def _integers(self, call: Call) -> dict[str, int]:
        return {name: call.parameters[name] for name in self.source.integers}

    def _patience(self) -> float:
        return max(0.5, min(self._seconds, self._keeper.seconds_left))


def _no_tick() -> None:
    """Tell nobody."""


class Reference:
    """An implementation of ours in a sandbox of its own: any failure of it is our fault."""

    def __init__(self, source: Source, pool: Pool, keeper: Timekeeper) -> None:
        self._keeper = keeper
        with keeper.waiting():
            self._session = Session(pool.take(), source, keeper, _REFERENCE_SECONDS)
        started = time.monotonic()
        self._done(self._session.load())
        keeper.charge("reference", time.monotonic() - started)

    def run(self, call: Call, inputs: SealedInputs | None = None) -> Answer:
        """Make one call. Raises BrokenReferenceError."""
        manner = Manner(keywords=frozenset(call.tensors))
        return self._answer(self._session.call(call, inputs, manner), call)

    def keep_memory(self) -> None:
        """Have whole calls, from the next one on, keep the memory that they free."""
        self._session.keep_memory()

    def fill(self, call: Call) -> Answer:
        """Make one call that starts a new state."""
        return self._answer(self._session.call(call, None, Manner(state="new")), call)

    def steps(self, call: Call) -> Answer:
        """Go on from the kept state, a call for each position."""
        return self._answer(self._session.steps(call, Manner(state="kept")), call, stepped=True)

    def _answer(self, reply: Reply, call: Call, *, stepped: bool = False) -> Answer:
        self._done(reply)
        self._keeper.charge("reference", reply.wall_seconds)
        return answer_of(reply, call, stepped=stepped)

    def _done(self, reply: Reply) -> None:
        if reply.outcome is not Outcome.DONE:
            function = self._session.source.function
            raise BrokenReferenceError(f"{function}: {reply.outcome} {reply.detail}")

    def close(self) -> None:
        """End the process."""
        self._session.process.close()


def stepwise(tensor: Tensor) -> Tensor:
    """Turn ``[batch, heads, n, d]`` into contiguous ``[n, batch, heads, 1, d]``."""
    return tensor.permute(2, 0, 1, 3)[:, :, :, None].contiguous()


def arrays(call: Call) -> dict[str, Array]:
    """Return a call's tensors as they cross to a sandbox."""
    named = {"q": call.q, "k": call.k, "v": call.v, **call.tensors}
    return {
        name: Array(str(one.dtype).removeprefix("torch."), tuple(one.shape), one.numpy())
        for name, one in named.items()
    }


def answer_of(reply: Reply, call: Call, *, stepped: bool = False) -> Answer:
    """Return a reply's output as a tensor of the shape of q, with its costs."""
    assert reply.output is not None
    output = torch.frombuffer(reply.output, dtype=torch.float32)
    if stepped:
        batch, heads, n, d = call.q.shape
        output = output.reshape(n, batch, heads, d).permute(1, 2, 0, 3)
    return Answer(
        output.reshape(call.q.shape),
        reply.seconds,
        reply.wall_seconds,
        reply.peak_bytes,
    )


def tokens(call: Call, start: int, stop: int) -> Call:
    """Return the call of the positions from ``start`` to before ``stop``."""
    q, k, v = (one[:, :, start:stop].contiguous() for one in (call.q, call.k, call.v))
    return replace(call, q=q, k=k, v=v)


def shards(call: Call) -> list[Call]:
    """Return what each rank of a ring holds: contiguous parts of the sequence."""
    length = call.n // call.ranks
    return [tokens(call, start, start + length) for start in range(0, call.n, length)]

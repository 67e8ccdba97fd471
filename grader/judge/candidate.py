"""The submission, in whichever form it is called."""

import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from typing import Literal

import torch

from grader.contract import Exercise, Failure, Form
from grader.judge import messages
from grader.judge.calls import Call
from grader.judge.findings import Answer, Failed, failure_of
from grader.judge.session import Session, answer_of, shards, source_for, tokens
from grader.judge.timekeeper import Timekeeper
from sandbox.buffers import SealedInputs
from sandbox.pool import Pool
from sandbox.relay import Relay
from sandbox.wire import Array, Manner, Outcome, Reply

_MEMORY_FAULTS = {signal.SIGSEGV, signal.SIGBUS}
#: Steps of one request: short enough for its time limit, long enough to cost little.
STEPS_AT_ONCE = 2048
_LONGEST_COUNT = 18

State = Literal["new", "kept"]


class Candidate:
    """A function called with the whole sequence: every failure of its process becomes a Failed."""

    def __init__(self, exercise: Exercise, code: bytes, pool: Pool, keeper: Timekeeper) -> None:
        self._exercise, self._code, self._pool, self._keeper = exercise, code, pool, keeper
        self._source = source_for(exercise, code)
        self._sessions: list[Session] = []
        self._open(1)

    def _open(self, number: int) -> None:
        """Have at least so many processes."""
        # Waiting until a sandbox is warm is nobody's time.
        with self._keeper.waiting():
            while len(self._sessions) < number:
                process = self._pool.take()
                self._sessions.append(
                    Session(process, self._source, self._keeper, self._exercise.call_seconds)
                )

    @property
    def printed(self) -> str:
        """What the submission printed."""
        return self._sessions[0].process.printed

    def load(self) -> None:
        """Import the submission. Raises Failed."""
        reply = self._load(0)
        if reply.outcome is not Outcome.DONE:
            raise failure_of(reply, None, self._exercise.call_seconds)

    def _load(self, number: int) -> Reply:
        with self._keeper.charging("candidate"):
            return self._sessions[number].load()

    def run(self, call: Call, inputs: SealedInputs | None = None) -> Answer:
        """Make one call. Raises Failed."""
        self._must_have_time(call)
        reply = self._reply(call, inputs)
        self._must_be_done(reply, call)
        return self._answer(reply, call)

    def keep_memory(self) -> None:
        """Have whole calls, from the next one on, keep the memory that they free."""
        for session in self._sessions:
            session.keep_memory()

    def count_flops(self, call: Call) -> int | None:
        """Return the floating-point operations that torch saw in a call; None if it failed."""
        with self._keeper.charging("candidate"):
            reply = self._sessions[0].call(call, None, replace(_manner(call), count=True))
        said = reply.detail
        number = reply.outcome is Outcome.DONE and said.isascii() and said.isdigit()
        return int(said) if number and len(said) <= _LONGEST_COUNT else None

    def run_afresh(self, call: Call) -> Answer | None:
        """Make this call in a process that made no other and wastes no memory; None if it fails."""
        reply = self._afresh(call, lean=True)
        return self._answer(reply, call) if reply.outcome is Outcome.DONE else None

    def close(self) -> None:
        """End all processes."""
        for session in self._sessions:
            session.process.close()

    def _reply(
        self, call: Call, inputs: SealedInputs | None = None, *, private: bool = False
    ) -> Reply:
        with self._keeper.charging("candidate"):
            return self._sessions[0].call(call, inputs, _manner(call), private_inputs=private)

    def _answer(self, reply: Reply, call: Call) -> Answer:
        return answer_of(reply, call)

    def _must_have_time(self, call: Call) -> None:
        if self._keeper.seconds_left <= 0:
            raise Failed(Failure.TIMEOUT, messages.TIMEOUT_WHOLE, call=call)

    def _must_be_done(self, reply: Reply, call: Call) -> None:
        if reply.outcome is Outcome.DONE:
            return
        if reply.signal in _MEMORY_FAULTS:
            # A write to a read-only input, or a crash? A call that may write tells.
            again = self._afresh(call, private=True)
            if again.outcome is Outcome.DONE or again.inputs_written:
                raise Failed(Failure.FORBIDDEN, messages.FORBIDDEN_WRITE, call=call)
        if reply.outcome is Outcome.TIMEOUT:
            self._must_have_time(call)
        raise failure_of(reply, call, self._exercise.call_seconds)

    def _afresh(self, call: Call, *, private: bool = False, lean: bool = False) -> Reply:
        """Make the call in a process without a past; return its reply, or that of the import."""
        again = type(self)(self._exercise, self._code, self._pool, self._keeper)
        with closing(again):
            loaded = again._load(0)
            if loaded.outcome is not Outcome.DONE:
                return loaded
            if lean:
                manner = replace(_manner(call), freed="given_back")
                with self._keeper.charging("candidate"):
                    return again._sessions[0].call(call, None, manner)
            return again._reply(call, private=private)


class RingCandidate(Candidate):
    """A function called on every rank at once, each rank in a process of its own."""

    def __init__(self, exercise: Exercise, code: bytes, pool: Pool, keeper: Timekeeper) -> None:
        super().__init__(exercise, code, pool, keeper)
        self._loaded = 1
        self._sent: tuple[int, ...] = ()

    def _reply(
        self, call: Call, inputs: SealedInputs | None = None, *, private: bool = False
    ) -> Reply:
        """Return the reply of the rank that failed first, or one with the whole output."""
        del inputs
        self._open(call.ranks)
        while self._loaded < call.ranks:
            loaded = self._load(self._loaded)
            if loaded.outcome is not Outcome.DONE:
                return loaded
            self._loaded += 1
        parts = shards(call)
        relay = Relay(call.ranks)
        relay.start()
        try:
            with self._keeper.charging("candidate"):
                replies = self._all_ranks(parts, relay, private)
            self._sent = relay.sent
        finally:
            relay.close()
        failed = [reply for reply in replies.values() if reply.outcome is not Outcome.DONE]
        if failed:
            return failed[0]
        outputs = [answer_of(replies[rank], part).output for rank, part in enumerate(parts)]
        output = torch.cat(outputs, dim=2).contiguous().numpy()
        return replace(replies[0], output=Array("float32", tuple(output.shape), output).raw())

    def _all_ranks(self, parts: list[Call], relay: Relay, private: bool) -> dict[int, Reply]:
        """Return the replies by rank, in the order in which they came."""
        replies: dict[int, Reply] = {}

        def run(rank: int) -> None:
            manner = Manner(seat=relay.seat(rank))
            replies[rank] = self._sessions[rank].call(
                parts[rank], None, manner, private_inputs=private, tells=rank == 0
            )
            if replies[rank].outcome is not Outcome.DONE:
                relay.hang_up()

        with ThreadPoolExecutor(len(parts)) as ranks:
            for _ in ranks.map(run, range(len(parts))):
                pass
        return replies

    def _answer(self, reply: Reply, call: Call) -> Answer:
        return replace(answer_of(reply, call), sent=self._sent)


class DecodeCandidate(Candidate):
    """A function called token by token; a call here is a whole sequence with a state of its own."""

    def __init__(self, exercise: Exercise, code: bytes, pool: Pool, keeper: Timekeeper) -> None:
        super().__init__(exercise, code, pool, keeper)
        self._grown = 0

    def go_on(self, call: Call) -> Answer:
        """Decode further tokens of the sequence that was decoded last. Raises Failed."""
        self._must_have_time(call)
        reply = self._steps(call, "kept")
        self._must_be_done(reply, call)
        return answer_of(reply, call, stepped=True)

    def _reply(
        self, call: Call, inputs: SealedInputs | None = None, *, private: bool = False
    ) -> Reply:
        del inputs
        replies: list[Reply] = []
        for start in range(0, call.n, STEPS_AT_ONCE):
            state: State = "kept" if replies else "new"
            reply = self._steps(tokens(call, start, start + STEPS_AT_ONCE), state, private=private)
            if reply.outcome is not Outcome.DONE:
                return reply
            replies.append(reply)
        self._grown = replies[-1].kept_bytes - replies[0].kept_bytes
        output = b"".join(reply.output for reply in replies if reply.output is not None)
        return replace(
            replies[-1],
            output=memoryview(bytearray(output)),
            cpu_seconds=sum(reply.cpu_seconds for reply in replies),
            wall_seconds=sum(reply.wall_seconds for reply in replies),
            peak_bytes=max(reply.peak_bytes for reply in replies),
        )

    def _steps(self, call: Call, state: State, *, private: bool = False) -> Reply:
        with self._keeper.charging("candidate"):
            return self._sessions[0].steps(call, Manner(state=state), private_inputs=private)

    def _answer(self, reply: Reply, call: Call) -> Answer:
        return replace(answer_of(reply, call, stepped=True), grown_bytes=self._grown)


CANDIDATES: dict[Form, type[Candidate]] = {
    "attention": Candidate,
    "ring": RingCandidate,
    "decode": DecodeCandidate,
}


def _manner(call: Call) -> Manner:
    return Manner(keywords=frozenset(call.tensors))

"""What the judge finds out about a submission, and how it says so."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from grader.contract import Check, Failure
from grader.judge import messages
from grader.judge.calls import Call
from sandbox.wire import Outcome, Reply


class Failed(Exception):  # noqa: N818  (a finding about a submission)
    """The submission does not pass, for this reason."""

    def __init__(
        self, failure: Failure, message: str, *, traceback: str = "", call: Call | None = None
    ) -> None:
        super().__init__(message)
        self.failure, self.message = failure, messages.clip(message)
        self.traceback, self.call = traceback, call
        self.held = ""


class BrokenReferenceError(Exception):
    """A reference failed or was wrong: our fault."""


@dataclass(frozen=True)
class Answer:
    """What one call gave and cost. ``output`` is a private copy ``[batch, heads, m, d]``.

    ``seconds`` are by the clock that counts: CPU time of the tree, or on a GPU the host's own.
    ``sent`` are the bytes that each rank of a ring sent; ``grown_bytes`` what the process's memory
    grew by from an early step of decoding to the last.
    """

    output: Tensor
    seconds: float
    wall_seconds: float
    peak_bytes: int
    grown_bytes: int = 0
    sent: tuple[int, ...] = ()


@dataclass
class Findings:
    """The checks made so far, by name, and the evidence for a verdict's page."""

    checks: dict[str, Check] = field(default_factory=dict)
    evidence: dict[str, Any] = field(default_factory=dict)


Told = Callable[[int, int], None]


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

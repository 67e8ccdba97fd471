"""What crosses between the judge and a sandboxed process.

Requests go in and answers come out as single datagrams of JSON over one socket; bytes of arrays
travel beside them as memory files. Nothing of a learner is ever unpickled: an answer holds three
short texts, and whatever is not exactly that is refused.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from sandbox.printing import printable

MAX_ANSWER_BYTES = 1 << 16
MAX_DETAIL_CHARACTERS = 8_000

ITEM_BYTES = {
    "bool": 1,
    "uint8": 1,
    "int8": 1,
    "int16": 2,
    "int32": 4,
    "int64": 8,
    "float16": 2,
    "bfloat16": 2,
    "float32": 4,
    "float64": 8,
}


class Outcome(StrEnum):
    """How a request to a sandboxed process ended."""

    DONE = "done"
    INVALID = "invalid"
    RAISED = "raised"
    WRONG_SHAPE = "wrong_shape"
    FORBIDDEN = "forbidden"
    OUT_OF_MEMORY = "out_of_memory"
    TIMEOUT = "timeout"
    FLOODED = "flooded"
    DIED = "died"


#: What a process may say of itself. The other outcomes are only ever seen from outside.
ANSWERS = frozenset(
    {
        Outcome.DONE,
        Outcome.INVALID,
        Outcome.RAISED,
        Outcome.WRONG_SHAPE,
        Outcome.OUT_OF_MEMORY,
    }
)


class SandboxUnavailable(Exception):  # noqa: N818  (a state of this machine, told as such)
    """No sandbox can be made here. Our fault, never the learner's."""


class ProtocolFault(Exception):  # noqa: N818
    """A process said something that is not an answer to what it was asked."""


def byte_count(dtype: str, shape: Sequence[int]) -> int:
    """Return the bytes of a contiguous array. Raises KeyError for a dtype that never travels."""
    return ITEM_BYTES[dtype] * math.prod(shape)


@dataclass(frozen=True, slots=True)
class Array:
    """A contiguous array in row-major order, as bytes."""

    dtype: str
    shape: tuple[int, ...]
    data: Any  # whatever memoryview accepts; collections.abc.Buffer is of Python 3.12

    def raw(self) -> memoryview:
        """Return the bytes, flat. Raises ValueError where they do not fill the shape."""
        # A view of nothing cannot be cast.
        flat = memoryview(self.data).cast("B") if math.prod(self.shape) else memoryview(b"")
        if flat.nbytes != byte_count(self.dtype, self.shape):
            raise ValueError(f"{flat.nbytes} bytes do not fill {self.dtype} {self.shape}")
        return flat


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """What a call must return."""

    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """A rank's place in a ring, and the descriptor by which it sends and receives."""

    rank: int
    size: int
    fd: int


#: What becomes of memory that is freed; "" leaves it to the allocator.
Freed = Literal["", "kept", "given_back"]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a function is called, beside its inputs and parameters.

    ``keywords`` are the inputs that go by name; the others go by position, in their order. After
    these comes the dictionary that is kept between calls, new or as the last call left it, where
    ``state`` says so; or the ring, where there is a ``seat`` in one. With ``count`` the detail of
    the reply is the number of floating-point operations that torch saw, as the process says. With
    What is ``freed`` is, from this call on, kept, so that no call waits for fresh pages, or given
    back at once, as slow as that is, so that a peak holds no holes of the allocator's. By itself
    the allocator now does the one and now the other, and the same call takes one time or three.
    """

    keywords: frozenset[str] = frozenset()
    state: Literal["none", "new", "kept"] = "none"
    seat: Seat | None = None
    count: bool = False
    freed: Freed = ""


PLAIN = Manner()


@dataclass(frozen=True, slots=True)
class Reply:
    """How one request ended, all measured from outside.

    ``cpu_seconds`` is the CPU time of the whole process tree, ``wall_seconds`` the time from before
    the inputs were revealed until every process was seen stopped and the output was copied;
    ``seconds`` is the one of them that counts, as ``timed_by`` says. ``peak_bytes`` is the largest
    resident memory of the tree beyond what the warm process held before any of the learner's code,
    and beyond inputs and result: what earlier calls keep counts, and memory of a device is added.
    ``kept_bytes`` is what was resident of it in the end, inputs and result included while they are
    mapped. ``detail`` is text that the learner may have written: escape it. ``inputs_written``
    names the private inputs that changed. ``output`` is a private copy, there only when ``outcome``
    is ``done``.
    """

    outcome: Outcome
    output: memoryview | None = None
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_bytes: int = 0
    kept_bytes: int = 0
    detail: str = ""
    signal: int | None = None
    inputs_written: tuple[str, ...] = ()
    timed_by: Literal["cpu", "wall"] = "cpu"

    @property
    def seconds(self) -> float:
        """What the request took by the clock that counts."""
        return self.cpu_seconds if self.timed_by == "cpu" else self.wall_seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """What a process says of itself."""

    outcome: Outcome
    detail: str


def encode_request(request: Mapping[str, object]) -> bytes:
    """Return one request as a datagram."""
    return json.dumps(request).encode()


def call_request(
    inputs: Mapping[str, Array],
    parameters: Mapping[str, int],
    output: OutputSpec,
    manner: Manner,
    private: bool,
) -> dict[str, Any]:
    """Return the request for one call."""
    return {
        "do": "call",
        "inputs": [
            {
                "name": name,
                "keyword": name in manner.keywords,
                "dtype": array.dtype,
                "shape": list(array.shape),
            }
            for name, array in inputs.items()
        ],
        "parameters": dict(parameters),
        "output": {"dtype": output.dtype, "shape": list(output.shape)},
        "private": private,
        "state": manner.state,
        "ring": {"rank": manner.seat.rank, "size": manner.seat.size} if manner.seat else None,
        "count": manner.count,
        "freed": manner.freed,
    }


def parse_answer(raw: bytes, nonce: str) -> Answer:
    """Return the answer to the request of this nonce. Raises ProtocolFault for anything else."""
    if len(raw) >= MAX_ANSWER_BYTES:
        raise ProtocolFault("an answer that is too long")
    try:
        message = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ProtocolFault("an answer that cannot be read") from None
    if not isinstance(message, dict) or set(message) != {"nonce", "outcome", "detail"}:
        raise ProtocolFault("an answer of the wrong form")
    if not all(isinstance(text, str) for text in message.values()):
        raise ProtocolFault("an answer of the wrong form")
    if message["nonce"] != nonce:
        raise ProtocolFault("an answer to another question")
    if message["outcome"] not in ANSWERS:
        raise ProtocolFault("an answer that only the judge may give")
    # JSON can spell halves of characters, which no other document carries.
    detail = printable(message["detail"].encode("utf-8", "replace"))
    return Answer(Outcome(message["outcome"]), detail[:MAX_DETAIL_CHARACTERS])

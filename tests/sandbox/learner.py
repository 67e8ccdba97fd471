"""A submission in a process, as the tests of the sandbox drive it."""

import random
import struct
from collections.abc import Sequence
from pathlib import Path

from sandbox.process import Process
from sandbox.wire import PLAIN, Array, Manner, Outcome, OutputSpec, Reply

SHAPE = (1, 2, 8, 4)
COUNT = 64
HONEST = "def attention(q, k, v):\n    return q + k + v\n"


def floats(*values: float) -> bytes:
    return struct.pack(f"{len(values)}f", *values)


class Learner:
    """One process with q, k and v of its own; the right answer is their sum."""

    def __init__(self, process: Process) -> None:
        self.process = process
        draw = random.Random(process.pid)
        # Quarters of small integers: their sums are exact.
        numbers = [[draw.randrange(-64, 64) / 4 for _ in range(COUNT)] for _ in range(3)]
        self.inputs = {
            name: Array("float32", SHAPE, floats(*row))
            for name, row in zip("qkv", numbers, strict=True)
        }
        self.right = floats(*(sum(three) for three in zip(*numbers, strict=True)))

    def load(
        self, source: str | bytes, keywords: Sequence[str] = (), ruled_out: Sequence[str] = ()
    ) -> Reply:
        raw = source.encode() if isinstance(source, str) else source
        return self.process.load(raw, "attention", ("q", "k", "v"), keywords, ruled_out)

    def loads(self, source: str) -> None:
        reply = self.load(source)
        assert reply.outcome is Outcome.DONE, reply.detail

    def call(
        self, seconds: float = 20.0, private_inputs: bool = False, manner: Manner = PLAIN
    ) -> Reply:
        wanted = OutputSpec("float32", SHAPE)
        return self.process.call(
            self.inputs, {}, wanted, manner, seconds=seconds, private_inputs=private_inputs
        )

    def runs(self, source: str) -> Reply:
        """Load and call."""
        self.loads(source)
        return self.call()

    def answered_right(self, reply: Reply) -> bool:
        return reply.output is not None and bytes(reply.output) == self.right


def processes_in(namespace: str) -> list[int]:
    """Return the pids of all living processes of one pid namespace."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                dead = ") Z " in (entry / "stat").read_text()
                if not dead and str((entry / "ns/pid").readlink()) == namespace:
                    found.append(int(entry.name))
            except OSError:
                continue
    return found

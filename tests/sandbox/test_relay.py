"""A ring of processes: what one sends reaches the next, and every byte is counted."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from sandbox.pool import Pool
from sandbox.process import Process
from sandbox.relay import Relay
from sandbox.wire import Array, Manner, Outcome, OutputSpec, Reply

SHAPE = (3, 5)
HEADER = 84


def loads(processes: list[Process], body: str) -> None:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    source = f"import torch\n\n\ndef ranked(x, ring):\n{lines}\n".encode()
    for process in processes:
        assert process.load(source, "ranked", ("x", "ring")).outcome is Outcome.DONE


def values(rank: int) -> np.ndarray:
    return np.full(SHAPE, float(rank + 1), dtype=np.float32)


def run(processes: list[Process], seconds: float = 10.0) -> tuple[list[Reply], tuple[int, ...]]:
    relay = Relay(len(processes))
    relay.start()

    def call(rank: int) -> Reply:
        inputs = {"x": Array("float32", SHAPE, values(rank))}
        manner = Manner(seat=relay.seat(rank))
        reply = processes[rank].call(
            inputs, {}, OutputSpec("float32", SHAPE), manner, seconds=seconds
        )
        if reply.outcome is not Outcome.DONE:
            relay.hang_up()
        return reply

    try:
        with ThreadPoolExecutor(len(processes)) as ranks:
            return list(ranks.map(call, range(len(processes)))), relay.sent
    finally:
        relay.close()


@pytest.fixture
def ranks(pool: Pool):
    processes = [pool.take() for _ in range(3)]
    yield processes
    for process in processes:
        process.close()


def outputs(replies: list[Reply]) -> list[float]:
    assert [reply.outcome for reply in replies] == [Outcome.DONE] * len(replies), replies
    return [float(np.frombuffer(reply.output, dtype=np.float32)[0]) for reply in replies]


def test_a_shift_brings_what_the_previous_rank_sent(ranks: list[Process]) -> None:
    loads(ranks, "assert ring.size == 3\nreturn ring.shift(x)")
    replies, sent = run(ranks)
    assert outputs(replies) == [3.0, 1.0, 2.0]
    assert sent == (HEADER + 60,) * 3


def test_any_dtype_shape_and_stride_goes_round(ranks: list[Process]) -> None:
    loads(
        ranks,
        "for sent in (torch.arange(6).view(2, 3).T, torch.tensor(ring.rank), torch.empty(0, 4),\n"
        "             torch.ones(2, 2, dtype=torch.bool), torch.ones(3, dtype=torch.bfloat16)):\n"
        "    got = ring.shift(sent)\n"
        "    assert (got.shape, got.dtype) == (sent.shape, sent.dtype)\n"
        "assert int(ring.shift(torch.tensor(ring.rank))) == (ring.rank - 1) % 3\n"
        "return x + 0",
    )
    outputs(run(ranks)[0])


def test_large_tensors_do_not_block_the_ring(ranks: list[Process]) -> None:
    loads(ranks, "got = ring.shift(torch.ones(4_000_000))\nreturn x * got.sum() / 4_000_000")
    replies, sent = run(ranks)
    assert outputs(replies) == [1.0, 2.0, 3.0]
    assert sent == (HEADER + 16_000_000,) * 3


def test_a_rank_that_fails_ends_the_wait_of_the_others(ranks: list[Process]) -> None:
    loads(
        ranks,
        "if ring.rank == 1:\n    raise ValueError('one')\nring.shift(x)\nreturn ring.shift(x)",
    )
    replies, _ = run(ranks)
    assert {reply.outcome for reply in replies} == {Outcome.RAISED}
    assert "ValueError: one" in replies[1].detail
    assert "ConnectionError" in replies[2].detail


def test_a_rank_that_waits_for_ever_is_a_timeout(ranks: list[Process]) -> None:
    loads(ranks, "if ring.rank == 0:\n    ring.shift(x)\n    ring.shift(x)\nreturn x + 0")
    replies, _ = run(ranks, seconds=1.0)
    assert replies[0].outcome is Outcome.TIMEOUT


def test_a_header_that_lies_harms_the_neighbour_alone_and_not_the_judge(
    ranks: list[Process],
) -> None:
    loads(
        ranks,
        "import struct\n"
        "if ring.rank == 0:\n"
        "    ring._channel.sendall(struct.pack('<16sI8Q', b'float32', 1, 1 << 50, *[0] * 7))\n"
        "    return x + 0\n"
        "return ring.shift(x)",
    )
    replies, _ = run(ranks, seconds=2.0)
    assert replies[1].outcome in (Outcome.OUT_OF_MEMORY, Outcome.RAISED)

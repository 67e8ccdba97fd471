"""Freezing, clocks, memory and ends of one process, seen from outside."""

import os
import time
from dataclasses import replace

import pytest

from sandbox.buffers import SealedInputs
from sandbox.limits import MIB
from sandbox.placing import core, starting_together
from sandbox.pool import WarmPool
from sandbox.process import Process
from sandbox.wire import Array, Freed, Manner, Outcome, OutputSpec
from tests.sandbox.learner import HONEST, SHAPE, Learner, floats

pytestmark = pytest.mark.sandbox

THREAD = """
import threading, time
ticks = []
def tick():
    while True:
        ticks.append(time.monotonic())
        time.sleep(0.002)
threading.Thread(target=tick, daemon=True).start()
def attention(q, k, v):
    gaps = [b - a for a, b in zip(ticks, ticks[1:] + [time.monotonic()])]
    print("longest gap", max(gaps, default=0))
    return q + k + v
"""


def test_threads_stand_still_between_calls(learner: Learner) -> None:
    learner.loads(THREAD)
    learner.call()
    time.sleep(0.3)
    assert learner.answered_right(learner.call())
    longest = float(learner.process.printed.splitlines()[-1].rpartition(" ")[2])
    assert longest > 0.25


def test_a_process_that_was_woken_between_calls_is_found_out(learner: Learner) -> None:
    learner.loads(HONEST)
    os.kill(learner.process.pid, 18)
    time.sleep(0.01)
    assert learner.call().outcome is Outcome.DIED


def test_inputs_and_outputs_are_those_of_this_call(learner: Learner) -> None:
    learner.loads(HONEST)
    for seed in range(3):
        numbers = [float(seed + place) for place in range(64)]
        same = Array("float32", SHAPE, floats(*numbers))
        wanted = OutputSpec("float32", SHAPE)
        reply = learner.process.call({"q": same, "k": same, "v": same}, {}, wanted, seconds=20)
        assert bytes(reply.output or b"") == floats(*(3 * number for number in numbers))


def test_several_processes_may_be_shown_the_same_inputs(
    learner: Learner, neighbour: Learner
) -> None:
    learner.loads(HONEST)
    with SealedInputs(learner.inputs) as inputs:
        for process in (learner.process, neighbour.process):
            reply = process.call(inputs, {}, OutputSpec("float32", SHAPE), seconds=20)
            assert learner.answered_right(reply)


def test_parameters_arrive_by_keyword(learner: Learner) -> None:
    reply = learner.load("def attention(q, k, v, *, window):\n    return q * window\n", ("window",))
    assert reply.outcome is Outcome.DONE
    ones = Array("float32", SHAPE, floats(*[1.0] * 64))
    wanted = OutputSpec("float32", SHAPE)
    inputs = {"q": ones, "k": ones, "v": ones}
    reply = learner.process.call(inputs, {"window": 7}, wanted, seconds=20)
    assert bytes(reply.output or b"") == floats(*[7.0] * 64)


def test_every_dtype_that_travels_arrives(learner: Learner) -> None:
    learner.loads(
        "def attention(q, k, v):\n    print(q.dtype, k.dtype, v.dtype)\n    return v * 2\n"
    )
    inputs = {
        "q": Array("int64", (2,), (5).to_bytes(8, "little") * 2),
        "k": Array("bool", (2, 2), bytes([1, 0, 1, 0])),
        "v": Array("bfloat16", (1,), bytes([0x80, 0x3F])),
    }
    reply = learner.process.call(inputs, {}, OutputSpec("bfloat16", (1,)), seconds=20)
    assert bytes(reply.output or b"") == bytes([0x00, 0x40])
    assert learner.process.printed.split() == ["torch.int64", "torch.bool", "torch.bfloat16"]


def test_an_array_whose_bytes_do_not_fill_it_never_leaves(learner: Learner) -> None:
    learner.loads(HONEST)
    with pytest.raises(ValueError, match="do not fill"):
        learner.process.call(
            {"q": Array("float32", (3,), bytes(8))}, {}, OutputSpec("float32", (3,)), seconds=20
        )


def test_private_inputs_that_are_only_read_count_as_unwritten(learner: Learner) -> None:
    learner.loads(HONEST)
    reply = learner.call(private_inputs=True)
    assert learner.answered_right(reply)
    assert reply.inputs_written == ()


def test_cpu_time_is_the_work_and_not_the_wait(learner: Learner) -> None:
    learner.loads(
        "import time\ndef attention(q, k, v):\n    time.sleep(0.2)\n"
        "    until = time.process_time() + 0.1\n"
        "    while time.process_time() < until: pass\n    return q + k + v\n"
    )
    reply = learner.call()
    assert 0.1 <= reply.cpu_seconds < 0.2
    assert reply.wall_seconds >= 0.3


def test_threads_count_as_cpu_time(learner: Learner) -> None:
    learner.loads(
        "import threading, time\ndef work():\n    until = time.thread_time() + 0.1\n"
        "    while time.thread_time() < until: pass\n"
        "def attention(q, k, v):\n    all = [threading.Thread(target=work) for _ in range(3)]\n"
        "    [t.start() for t in all]; [t.join() for t in all]\n    return q + k + v\n"
    )
    assert learner.call().cpu_seconds >= 0.3


def test_peak_memory_is_what_the_call_held_at_most(learner: Learner) -> None:
    learner.loads(
        "import torch\ndef attention(q, k, v):\n"
        "    torch.ones(40 << 18).sum()\n    return q + k + v\n"
    )
    learner.call()
    assert 39 * MIB <= learner.call().peak_bytes <= 44 * MIB


@pytest.mark.parametrize(("freed", "least", "most"), [("kept", 55, 70), ("given_back", 0, 8)])
def test_memory_that_a_call_frees_is_kept_for_the_next_or_given_back_as_it_is_asked(
    freed: Freed, least: int, most: int, learner: Learner
) -> None:
    learner.loads(
        "import torch\nfirst = True\n"
        "def attention(q, k, v):\n"
        "    global first\n"
        "    if first:\n        [torch.ones(1 << 18) for _ in range(60)]\n"
        "    first = False\n    return q + k + v\n"
    )
    manner = Manner(freed=freed)
    # The kernel counts pages in batches of each processor: a few of them may be missing.
    assert learner.call(manner=manner).peak_bytes >= 59 * MIB
    assert least * MIB <= learner.call(manner=manner).peak_bytes <= most * MIB


def test_memory_of_forked_children_is_counted_once_where_it_is_shared(learner: Learner) -> None:
    learner.loads(
        "import os, time\ndef attention(q, k, v):\n"
        "    for _ in range(6):\n        if os.fork() == 0:\n"
        "            time.sleep(0.3); os._exit(0)\n"
        "    [os.wait() for _ in range(6)]\n    return q + k + v\n"
    )
    reply = learner.call()
    assert learner.answered_right(reply), reply
    assert reply.peak_bytes < 200 * MIB


def test_requests_made_together_start_on_one_core_and_are_not_kept_there(
    learner: Learner,
) -> None:
    learner.loads(
        "import os, time\nCORES = len(os.sched_getaffinity(0))\n"
        "def attention(q, k, v):\n    time.sleep(0.5)\n"
        "    print(len(os.sched_getaffinity(0)) == CORES)\n    return q + k + v\n"
    )
    with starting_together():
        assert core() in os.sched_getaffinity(0)
        assert learner.answered_right(learner.call())
        assert learner.answered_right(learner.call())
    assert core() is None
    assert learner.process.printed == "True\nTrue\n"


def test_an_endless_import_is_a_timeout_and_the_caller_is_ticked(pool: WarmPool) -> None:
    ticks: list[float] = []
    with pool.take() as process:
        process._limits = replace(process._limits, import_seconds=1.6)
        reply = process.load(
            b"while True: pass", "attention", (), tick=lambda: ticks.append(time.monotonic())
        )
    assert reply.outcome is Outcome.TIMEOUT
    assert len(ticks) >= 2


def test_an_ended_process_answers_that_it_has_ended(learner: Learner) -> None:
    learner.loads("import os\ndef attention(q, k, v):\n    os._exit(3)\n")
    assert "left with status 3" in learner.call().detail
    assert learner.call().outcome is Outcome.DIED


def test_a_tick_that_raises_ends_the_process(process: Process) -> None:
    def stop() -> None:
        raise TimeoutError("the lease is lost")

    with pytest.raises(TimeoutError):
        process.load(b"import time; time.sleep(60)", "attention", (), tick=stop)
    assert process.closed

"""A device's memory and the wall clock, with the memory of the host in the device's place."""

from collections.abc import Iterator

import pytest

from sandbox.ledger import Ledger
from sandbox.limits import MIB, Limits
from sandbox.memory import pages
from sandbox.pool import WarmPool
from sandbox.process import Process
from sandbox.wire import Outcome, Reply
from tests.sandbox.learner import HONEST, Learner


class Dial:
    """A device whose use is set by hand."""

    def __init__(self) -> None:
        self.used = 0

    def used_bytes(self) -> int:
        return self.used


@pytest.fixture
def dial() -> Dial:
    return Dial()


def test_what_others_hold_is_not_counted(dial: Dial) -> None:
    dial.used = 500
    ledger = Ledger(dial)
    ledger.begin()
    dial.used = 530
    ledger.look()
    dial.used = 510
    ledger.end()
    assert (ledger.peak, ledger.kept) == (30, 10)


def test_what_a_process_keeps_counts_in_its_next_request(dial: Dial) -> None:
    ledger = Ledger(dial)
    ledger.begin()
    dial.used = 40
    ledger.end()
    dial.used = 1_000  # somebody else came in between
    ledger.begin()
    dial.used = 1_005
    ledger.end()
    assert (ledger.peak, ledger.kept) == (45, 45)


def test_inputs_and_result_on_the_device_are_no_extra_memory(dial: Dial) -> None:
    ledger = Ledger(dial)
    ledger.begin()
    dial.used = 100
    assert ledger.added(Reply(Outcome.DONE, peak_bytes=7), mapped=60).peak_bytes == 47


def test_on_a_device_the_wall_clock_counts(dial: Dial) -> None:
    ledger = Ledger(dial)
    ledger.begin()
    measured = Reply(Outcome.DONE, cpu_seconds=1.0, wall_seconds=3.0)
    assert measured.seconds == 1.0
    assert ledger.added(measured, mapped=0).seconds == 3.0


# -- real processes --------------------------------------------------------------------------------


class Stand:
    """A device that holds just what one process has resident on the host."""

    def __init__(self) -> None:
        self.process: Process | None = None

    def used_bytes(self) -> int:
        return pages(self.process.pid).resident if self.process else 0


class StandPool(WarmPool):
    """A pool whose processes have a device's account kept."""

    stand = Stand()

    def _ledger(self) -> Ledger:
        return Ledger(self.stand)


@pytest.fixture(scope="module")
def stand_pool() -> Iterator[StandPool]:
    with StandPool(1, Limits(device_memory_bytes=96 * MIB)) as pool:
        yield pool


@pytest.fixture
def watched(stand_pool: StandPool) -> Iterator[Learner]:
    with stand_pool.take() as process:
        stand_pool.stand.process = process
        yield Learner(process)


@pytest.mark.sandbox
def test_memory_of_the_device_is_added_to_that_of_the_host(watched: Learner) -> None:
    source = "import time\ndef attention(q, k, v):\n    held = b'1' * (48 << 20)\n"
    reply = watched.runs(source + "    time.sleep(0.1)\n    return q + k + v\n")
    assert reply.outcome is Outcome.DONE
    assert reply.peak_bytes >= 96 * MIB


@pytest.mark.sandbox
def test_taking_too_much_of_the_device_ends_a_process(watched: Learner) -> None:
    source = "import time\ndef attention(q, k, v):\n    held = b'1' * (160 << 20)\n"
    reply = watched.runs(source + "    time.sleep(5)\n    return q + k + v\n")
    assert reply.outcome is Outcome.OUT_OF_MEMORY
    assert "device" in reply.detail


@pytest.mark.sandbox
def test_time_that_the_process_sleeps_counts_on_a_device(watched: Learner) -> None:
    reply = watched.runs("import time\n" + HONEST.replace("return", "time.sleep(0.2); return"))
    assert watched.answered_right(reply)
    assert reply.seconds >= 0.2 > reply.cpu_seconds

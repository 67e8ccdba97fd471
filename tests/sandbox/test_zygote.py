"""A zygote's children: apart from each other, confined, small, and told of when they end."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox import pool as pools
from sandbox import zygote_pool
from sandbox.inside.zygote import must_be_fit_to_fork
from sandbox.pool import WarmPool, pool_kind
from sandbox.process import Process
from sandbox.tree import parent
from sandbox.wire import Outcome, SandboxUnavailable
from sandbox.zygote import forbidden, lacking
from sandbox.zygote_pool import ZygotePool
from tests.sandbox.learner import HONEST, Learner

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(bool(forbidden()), reason=f"no zygote here: {forbidden()}"),
]

DRAWS = """
import random, torch, numpy
print(random.random(), torch.rand(1).item(), numpy.random.rand())
"""
MIB = 1 << 20
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def forked() -> Iterator[ZygotePool]:
    with ZygotePool(2) as pool:
        yield pool


def zygote_of(process: Process) -> int:
    return process._life.ancestor


def own_bytes(pid: int) -> int:
    """Memory that no other process has."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Private_"))


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_for(pool: ZygotePool, count: int) -> list[Process]:
    """Return the waiting processes, as soon as there are so many."""
    wait_until(lambda: len(pool._ready) >= count)
    return list(pool._ready)


def test_siblings_draw_different_numbers(forked: ZygotePool) -> None:
    drawn = []
    for _ in range(2):
        with forked.take() as process:
            Learner(process).loads(DRAWS + HONEST)
            drawn.append(process.printed.split())
    assert all(one != two for one, two in zip(*drawn, strict=True))


def test_a_waiting_child_holds_less_than_4_mib_of_its_own(forked: ZygotePool) -> None:
    for process in wait_for(forked, 2):
        assert own_bytes(process.pid) + own_bytes(parent(process.pid)) < 4 * MIB


def test_a_child_lacks_nothing_of_its_confinement_and_its_zygote_does(forked: ZygotePool) -> None:
    with forked.take() as process:
        zygote = zygote_of(process)
        assert lacking(process.pid, zygote) == ""
        assert "filter" in lacking(zygote, process.pid)
        assert lacking(os.getpid(), zygote) != ""


def test_no_terminal_can_be_opened(forked: ZygotePool) -> None:
    with forked.take() as process:
        Learner(process).loads("import os\nprint(os.listdir('/dev/pts'))\n" + HONEST)
        assert process.printed.strip() == "[]"


def test_a_zygote_that_dies_is_our_failure_and_is_replaced(forked: ZygotePool) -> None:
    with forked.take() as process:
        learner = Learner(process)
        learner.loads(HONEST)
        os.kill(zygote_of(process), signal.SIGKILL)
        wait_until(lambda: not process.alive)
        with pytest.raises(SandboxUnavailable):
            learner.call()
    with forked.take() as successor:
        assert Learner(successor).runs(HONEST).outcome is Outcome.DONE


def test_a_waiting_process_that_died_is_not_given_out(forked: ZygotePool) -> None:
    dead = wait_for(forked, 2)
    for process in dead:
        os.kill(parent(process.pid), signal.SIGKILL)
    wait_until(lambda: not any(process.alive for process in dead))
    with forked.take() as process:
        assert process not in dead
        assert Learner(process).runs(HONEST).outcome is Outcome.DONE


def test_a_child_killed_from_outside_is_our_failure(forked: ZygotePool) -> None:
    with forked.take() as process:
        learner = Learner(process)
        learner.loads(HONEST)
        os.kill(parent(process.pid), signal.SIGKILL)
        wait_until(lambda: not process.alive)
        with pytest.raises(SandboxUnavailable, match="killed from outside"):
            learner.call()


def test_a_zygote_that_has_served_is_replaced_and_ends_with_its_last_child(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(zygote_pool, "_MOST_BIRTHS", 2)
    with ZygotePool(1) as pool:
        first = pool.take()
        learner = Learner(first)
        learner.loads(HONEST)
        old, deadline = zygote_of(first), time.monotonic() + 60
        while time.monotonic() < deadline:
            with pool.take() as process:
                if zygote_of(process) != old:
                    break
        assert learner.answered_right(learner.call())
        first.close()
        while Path(f"/proc/{old}").exists() and time.monotonic() < deadline:
            pool.take().close()
        assert not Path(f"/proc/{old}").exists()


def test_a_pause_waits_for_what_is_being_born(forked: ZygotePool) -> None:
    forked.take().close()
    with forked.pause():
        assert forked._births == []


def test_answers_with_descriptors_fill_no_table_of_the_judge(forked: ZygotePool) -> None:
    attack = Path(__file__).parents[1] / "exploits" / "descriptors_in_answers.py"
    with forked.take() as process, forked.pause():
        learner = Learner(process)
        learner.loads(attack.read_text())
        before = len(list(Path("/proc/self/fd").iterdir()))
        learner.call()
        assert len(list(Path("/proc/self/fd").iterdir())) <= before


def test_a_zygote_with_a_second_thread_does_not_fork() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        with pytest.raises(RuntimeError, match="threads"):
            must_be_fit_to_fork()
    finally:
        stop.set()
        thread.join()


SHARING = """
import mmap, sys
from sandbox.inside.zygote import must_be_fit_to_fork
must_be_fit_to_fork()
print("fit")
shared = mmap.mmap(-1, 4096)
must_be_fit_to_fork()
"""


def test_a_zygote_that_shares_memory_does_not_fork() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHARING], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert "RuntimeError: the zygote shares memory" in done.stderr
    assert done.stdout == "fit\n"


def test_a_machine_without_nested_namespaces_gets_the_other_pool(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(pools.POOL_VARIABLE, raising=False)
    monkeypatch.setattr(pools, "forbidden", lambda: "unshare: Operation not permitted")
    assert pool_kind()[0] == "warm"
    assert "Operation not permitted" in pool_kind()[1]
    with pools.open_pool(1) as pool:
        assert type(pool) is WarmPool

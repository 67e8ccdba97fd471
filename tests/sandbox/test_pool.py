"""Warm processes ahead of time, and none left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sandbox.pool import POOL_VARIABLE, WarmPool, open_pool
from sandbox.tree import namespace
from sandbox.wire import SandboxUnavailable
from sandbox.zygote_pool import ZygotePool
from tests.sandbox.learner import HONEST, Learner, processes_in

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).parents[2]

HOLDER = """
import sys, time
from sandbox.pool import open_pool
from sandbox.tree import namespace
pool = open_pool(1)
process = pool.take()
print(namespace(process.pid), flush=True)
process.load(b"import os, time\\nif os.fork() == 0: os.setsid(); time.sleep(600)", "f", ())
time.sleep(600)
"""


@pytest.mark.timing
def test_a_warm_process_is_taken_and_answers_within_milliseconds(pool: WarmPool) -> None:
    with pool.take(), pool.take():
        pass
    time.sleep(5)
    start = time.monotonic()
    with pool.take() as process:
        assert Learner(process).runs(HONEST).outcome == "done"
        assert time.monotonic() - start < 0.1


def test_no_two_submissions_share_a_process(pool: WarmPool) -> None:
    with pool.take() as first, pool.take() as second:
        assert namespace(first.pid) != namespace(second.pid)


def test_an_empty_pool_serves_even_while_paused(kind: type[WarmPool]) -> None:
    with kind(1) as pool, pool.pause():
        pool.take().close()


def test_a_paused_pool_imports_nothing(kind: type[WarmPool]) -> None:
    with kind(1) as pool:
        time.sleep(0.3)
        with pool.pause():
            before = _family_cpu()
            time.sleep(0.4)
            assert _family_cpu() - before < 0.1
        pool.take().close()


def _family_cpu() -> float:
    """CPU time of all living descendants of this process, from the clocks of the kernel."""
    total, family = 0, [os.getpid()]
    for pid in family:
        for task in Path(f"/proc/{pid}/task").iterdir():
            family += map(int, (task / "children").read_text().split())
        if pid != os.getpid():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def test_closing_a_pool_ends_taken_processes_too(kind: type[WarmPool]) -> None:
    pool = kind(1)
    inside = namespace(pool.take().pid)
    pool.close()
    assert processes_in(inside) == []
    with pytest.raises(SandboxUnavailable):
        pool.take()


def test_a_waiting_take_is_told_when_the_pool_closes(kind: type[WarmPool]) -> None:
    pool = kind(1)
    told: list[Exception] = []

    def wait() -> None:
        try:
            for _ in range(2):
                pool.take()
        except SandboxUnavailable as fault:
            told.append(fault)

    waiter = threading.Thread(target=wait)
    waiter.start()
    time.sleep(0.1)
    pool.close()
    waiter.join(10)
    assert len(told) == 1


def test_a_judge_killed_with_sigkill_leaves_no_process(kind: type[WarmPool]) -> None:
    asked = "zygote" if kind is ZygotePool else "warm"
    judge = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {POOL_VARIABLE: asked},
    )
    assert judge.stdout is not None
    inside = judge.stdout.readline().strip()
    time.sleep(0.3)
    assert processes_in(inside)
    judge.send_signal(signal.SIGKILL)
    judge.wait()
    deadline = time.monotonic() + 20
    while processes_in(inside) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert processes_in(inside) == []


def test_a_sandbox_that_cannot_start_is_our_failure(
    kind: type[WarmPool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.launch._SEARCH", "/nowhere")
    with kind(1) as pool, pytest.raises(SandboxUnavailable, match="missing"):
        pool.take()


def test_the_environment_decides_which_pool_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    for asked, expected in (("warm", WarmPool), ("zygote", ZygotePool)):
        monkeypatch.setenv(POOL_VARIABLE, asked)
        with open_pool(1) as pool:
            assert type(pool) is expected

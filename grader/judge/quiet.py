"""A quiet place to measure in: the device to oneself, no imports next door, one core."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import torch

from grader.judge.timekeeper import Timekeeper
from sandbox.pool import Pool
from sandbox.process import Process

_WATCH_SECONDS = 0.05
_IDLE_COLUMNS = slice(3, 5)  # idle and iowait, after user, nice and system


@contextmanager
def quiet(
    lock: Callable[[], AbstractContextManager[object]],
    pool: Pool,
    processes: Sequence[Process],
    keeper: Timekeeper,
) -> Iterator[None]:
    """Hold the timing lock, stop the pool from refilling, and put all processes on one core."""
    held = lock()
    with keeper.waiting():
        held.__enter__()
    try:
        with pool.pause():
            core = quietest_core()
            for process in processes:
                pin(process.pid, core)
            yield
    finally:
        held.__exit__(None, None, None)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch compute on one thread: idle helpers of a second one would spin beside the arms."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def pin(pid: int, core: int) -> None:
    """Keep every thread of a process on one core; what it starts later inherits that."""
    for thread in Path(f"/proc/{pid}/task").iterdir():
        # Where the system forbids it, the clock still counts CPU time alone.
        with suppress(OSError):
            os.sched_setaffinity(int(thread.name), {core})


def quietest_core() -> int:
    """Return the core of ours that is idle the most."""
    before = _idle_ticks()
    time.sleep(_WATCH_SECONDS)
    after = _idle_ticks()
    return max(sorted(os.sched_getaffinity(0)), key=lambda core: after[core] - before[core])


def _idle_ticks() -> dict[int, int]:
    ticks = dict.fromkeys(os.sched_getaffinity(0), 0)
    for line in Path("/proc/stat").read_text().splitlines():
        name, *columns = line.split()
        if name.startswith("cpu") and name[3:].isdigit():
            ticks[int(name[3:])] = sum(int(column) for column in columns[_IDLE_COLUMNS])
    return ticks

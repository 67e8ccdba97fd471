"""A quiet place to measure in: the device to oneself, no imports next door, one thread here.

The arms are not bound to a core: code that starts two threads of its own may spin for minutes when
both share one. What counts is the CPU time of all, which hardly depends on it.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import torch

from grader.judge.timekeeper import Timekeeper
from sandbox.pool import Pool

Lock = Callable[[], AbstractContextManager[object]]


@contextmanager
def quiet(lock: Lock, pool: Pool, keeper: Timekeeper) -> Iterator[None]:
    """Hold the timing lock and stop the pool from refilling; the wait is off the budget."""
    with ExitStack() as stack:
        with keeper.waiting():
            stack.enter_context(lock())
            stack.enter_context(pool.pause())
        yield


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch compute on one thread: idle helpers of a second one would spin beside the arms."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)

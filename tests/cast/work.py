"""How much work something is, counted: the same on every machine, whoever else is busy on it."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


def calls(run: Callable[[], object]) -> int:
    """Return how many functions are called while something runs, those written in C too."""
    count = 0

    def seen(_frame: FrameType, event: str, _arg: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(seen)
    try:
        run()
    finally:
        sys.setprofile(None)
    return count


@contextmanager
def that_ends(cpu_seconds: float = 20) -> Iterator[None]:
    """Give up what would go on for hours; on no machine is it near this when all is well."""

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"not done after {cpu_seconds} s of this process's own time")

    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)

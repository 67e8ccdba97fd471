"""On which core the next request to a sandbox starts.

Two processes that stay on a core each are measured with whatever disturbs that core, for as long as
it does: medians of the same code in both were off by up to 10 %. Started on the same core, a core
drawn anew for each pair, they share its luck. They are not kept there: what runs several threads
spreads over the others at once.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_CORE: ContextVar[int | None] = ContextVar("core", default=None)


@contextmanager
def starting_together() -> Iterator[None]:
    """Start every request made inside this context, by this thread, on one core drawn now.

    Inside another such context that one's core stays.
    """
    if core() is not None:
        yield
        return
    token = _CORE.set(secrets.choice(sorted(os.sched_getaffinity(0))))
    try:
        yield
    finally:
        _CORE.reset(token)


def core() -> int | None:
    """Return the core on which to start now; None where the kernel may choose."""
    return _CORE.get()

"""What the C library's allocator does with memory that was freed."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_NEVER = (1 << 31) - 1
#: The most that the allocator accepts; what is larger goes back at once all the same.
_LARGEST_KEPT_BYTES = 32 << 20
_LARGE_BYTES = 1 << 16


def keep() -> None:
    """Keep what is freed for the next call.

    By itself the allocator now keeps it and now gives it back, and asking for it again can take
    longer than the arithmetic on it: the same call then takes one time or three.
    """
    _set(_LARGEST_KEPT_BYTES, _NEVER)


@contextmanager
def giving_back(wanted: bool) -> Iterator[None]:
    """Where it is wanted, give back what is freed: what was before, and in this context at once."""
    if not wanted:
        yield
        return
    _set(_LARGE_BYTES, _LARGE_BYTES)
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
    yield
    keep()


def _set(mmap_threshold: int, trim_threshold: int) -> None:
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # other C libraries have no such choice
        libc.mallopt(_M_MMAP_THRESHOLD, mmap_threshold)
        libc.mallopt(_M_TRIM_THRESHOLD, trim_threshold)

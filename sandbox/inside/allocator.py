"""What the C library's allocator does with memory that was freed, from one call on."""

import ctypes

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_NEVER = (1 << 31) - 1
#: The most that the allocator accepts; what is larger goes back at once all the same.
_LARGEST_KEPT_BYTES = 32 << 20
_LARGE_BYTES = 1 << 16


def treat(freed: str) -> None:
    """Treat what is freed as ``sandbox.wire.Manner`` says."""
    if freed == "kept":
        _set(_LARGEST_KEPT_BYTES, _NEVER)
    elif freed == "given_back":
        _set(_LARGE_BYTES, _LARGE_BYTES)


def _set(mmap_threshold: int, trim_threshold: int) -> None:
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # other C libraries have no such choice
        libc.mallopt(_M_MMAP_THRESHOLD, mmap_threshold)
        libc.mallopt(_M_TRIM_THRESHOLD, trim_threshold)

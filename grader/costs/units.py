"""Units of memory, exact: a kibibyte is 2^10 bytes, a gigabyte is 10^9.

Sizes computed here are told in binary units (KiB, GiB), as the field tells caches; vendors tell
memory and bandwidth in decimal ones (GB, TB/s). One GiB is 1.073741824 GB.
"""

from typing import Final

KIB: Final = 2**10
GIB: Final = 2**30
GB: Final = 10**9

TFLOP: Final = 10**12
"""In operations."""


def require_at_least(name: str, value: int, least: int) -> None:
    """Raise ValueError if ``value`` is below ``least``."""
    if value < least:
        raise ValueError(f"{name} must be at least {least:,}; got {value:,}")

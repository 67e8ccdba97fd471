"""Units that answers are given in: exact, and never confused with their neighbours.

Binary units of memory (KiB, MiB, GiB) are powers of 1,024, decimal ones (kB, MB, GB) of 1,000.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from grader.words import gettext_noop


@dataclass(frozen=True)
class Unit:
    """A unit: ``factor`` of the base unit of its dimension."""

    name: str
    dimension: str
    factor: Fraction


_FACTORS: Final[dict[str, dict[str, Fraction | int]]] = {
    "memory": {
        "B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12,
        "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40,
    },
    "time": {"s": 1, "ms": Fraction(1, 10**3), "µs": Fraction(1, 10**6), "min": 60},
    "operations": {"FLOP": 1, "MFLOP": 10**6, "GFLOP": 10**9, "TFLOP": 10**12, "PFLOP": 10**15},
}  # fmt: skip
#: How the dimensions are called.
DIMENSIONS: Final = {
    "memory": gettext_noop("memory"),
    "time": gettext_noop("time"),
    "operations": gettext_noop("operations"),
}
_ALL: Final = [
    Unit(name, dimension, Fraction(factor))
    for dimension, units in _FACTORS.items()
    for name, factor in units.items()
]
UNITS: Final = {unit.name: unit for unit in _ALL}

# Other ways in which people write them, without regard to capitals only where no other unit is
# meant by that.
_SPELLINGS: Final = {
    "byte": "B", "bytes": "B", "KB": "kB", "kib": "KiB", "mib": "MiB", "gib": "GiB", "tib": "TiB",
    "us": "µs", "\N{GREEK SMALL LETTER MU}s": "µs", "sec": "s", "second": "s", "seconds": "s",
    "FLOPs": "FLOP", "MFLOPs": "MFLOP", "GFLOPs": "GFLOP", "TFLOPs": "TFLOP", "PFLOPs": "PFLOP",
}  # fmt: skip


def unit_called(name: str) -> Unit | None:
    """Return the unit that people call so; None where there is none."""
    return UNITS.get(_SPELLINGS.get(name, name))


def neighbours(unit: Unit) -> list[Unit]:
    """Return the other units of the same dimension."""
    return [one for one in _ALL if one.dimension == unit.dimension and one != unit]

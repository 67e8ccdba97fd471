"""Units: exact factors, the spellings that people use, and none taken for another."""

from fractions import Fraction

import pytest

from question_bank.units import UNITS, neighbours, unit_called


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("B", 1),
        ("kB", 1_000),
        ("KiB", 1_024),
        ("GB", 10**9),
        ("GiB", 2**30),
        ("TiB", 2**40),
        ("ms", Fraction(1, 1_000)),
        ("µs", Fraction(1, 1_000_000)),
        ("TFLOP", 10**12),
    ],
)
def test_a_unit_is_so_many_of_its_base(name: str, factor: Fraction) -> None:
    assert UNITS[name].factor == factor


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("bytes", "B"),
        ("KB", "kB"),
        ("gib", "GiB"),
        ("us", "µs"),
        ("\N{GREEK SMALL LETTER MU}s", "µs"),
        ("TFLOPs", "TFLOP"),
    ],
)
def test_a_spelling_means_its_unit(written: str, meant: str) -> None:
    assert unit_called(written) == UNITS[meant]


@pytest.mark.parametrize("written", ["gb", "mb", "b", "Gib", "GBs", "", "tokens", "S", "MS"])
def test_what_may_mean_something_else_is_no_unit(written: str) -> None:
    assert unit_called(written) is None


def test_neighbours_measure_the_same_and_are_others() -> None:
    found = neighbours(UNITS["GiB"])
    assert UNITS["GB"] in found
    assert UNITS["GiB"] not in found
    assert {unit.dimension for unit in found} == {"memory"}

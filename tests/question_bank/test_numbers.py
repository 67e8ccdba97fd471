"""Numbers as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.numbers import UnreadableNumberError, read_measure, read_number
from question_bank.units import UNITS


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4", 4),
        ("  1024 ", 1024),
        ("1,024", 1024),
        ("1 024", 1024),
        ("1\u202f024", 1024),
        ("1\N{NO-BREAK SPACE}024", 1024),
        ("1_024_000", 1_024_000),
        ("1'024", 1024),
        ("1’024", 1024),
        ("10,000,000,000", 10**10),
        ("+7", 7),
        ("-7", -7),
        ("−7", -7),
        ("1e5", 10**5),
        ("1.5E3", 1500),
        ("1.2 × 10^5", 120_000),
        ("1.2*10**5", 120_000),
        ("2 x 10^3", 2000),
        ("10^10", 10**10),
        ("0.50", Decimal("0.5")),
        (".5", Decimal("0.5")),
        ("1,024.5", Decimal("1024.5")),
        ("１２３", 123),
        ("4.", 4),
    ],
)
def test_it_reads(text: str, value: Decimal) -> None:
    assert read_number(text) == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Give a number"),
        ("   ", "Give a number"),
        ("four", "not a number"),
        ("4 pairs", "without a unit"),
        ("4 GiB", "without a unit"),
        ("1,5", "Write thousands as"),
        ("1,02,4", "Write thousands as"),
        ("1,0240", "Write thousands as"),
        ("12,34", "Write thousands as"),
        ("1 024,000", "Write thousands as"),
        ("nan", "not a number"),
        ("inf", "not a number"),
        ("1e99", "beyond any"),
        ("1e99999", "without a unit"),
        ("9" * 61, "at most 60"),
        ("1e", "without a unit"),
        ("0x10", "without a unit"),
        ("٣", "not a number"),
        ("1\0", "not a number"),
        ("--4", "not a number"),
        ("1 2", "not a number"),
    ],
)
def test_it_says_what_is_wrong_with(text: str, told: str) -> None:
    with pytest.raises(UnreadableNumberError, match=told):
        read_number(text)


@given(st.integers(-(10**15), 10**15), st.sampled_from(["{}", "{:,}", "{:_}", " {} "]))
def test_it_reads_every_integer_as_it_is_written(number: int, form: str) -> None:
    assert read_number(form.format(number)) == number


@given(st.text(max_size=70))
def test_any_text_is_a_number_or_gets_a_sentence(text: str) -> None:
    told = ""
    try:
        assert read_number(text).is_finite()
    except UnreadableNumberError as fault:
        told = str(fault)
    assert not told or told.endswith(".")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("4", "4", "GiB"),
        ("4 GiB", "4", "GiB"),
        ("4GiB", "4", "GiB"),
        ("4.29 GB", "4.29", "GB"),
        ("4,096 MiB", "4096", "MiB"),
        ("1.2 × 10^5 kB", "120000", "kB"),
        ("1e9 bytes", "1000000000", "B"),
        ("1e9", "1000000000", "GiB"),
    ],
)
def test_a_measure_is_read_with_its_unit(text: str, value: str, unit: str) -> None:
    assert read_measure(text, UNITS["GiB"]) == (Decimal(value), UNITS[unit])


def test_a_micro_sign_of_either_kind_is_read() -> None:
    for sign in ("\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}", "u"):
        assert read_measure(f"12 {sign}s", UNITS["ms"]) == (Decimal(12), UNITS["µs"])


@pytest.mark.parametrize("text", ["4 gb", "4 ms", "4 tokens", "GiB", "4 GiB 3", "4e GiB"])
def test_a_unit_of_something_else_is_told_with_those_that_fit(text: str) -> None:
    with pytest.raises(UnreadableNumberError):
        read_measure(text, UNITS["GiB"])

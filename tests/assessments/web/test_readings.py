"""What a number is read as, told while it is typed and after it was sent."""

from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from assessments.web.readings import reading
from question_bank.units import UNITS

READINGS = [
    ("1.5 GiB", "GiB", "Read as 1.5 GiB = 1,610,612,736 B."),
    ("1536 MiB", "GiB", "Read as 1,536 MiB = 1.5 GiB."),
    ("1.5", "GiB", "Read as 1.5 GiB = 1,610,612,736 B."),
    ("12 345", "", "Read as 12,345."),
    ("1.024e3", "", "Read as 1,024."),
    ("3 × 10^20", "", "Read as 3 × 10²⁰."),
    ("2e-9", "", "Read as 2 × 10⁻⁹."),
    ("0", "", "Read as 0."),
    ("-0.50", "", "Read as -0.5."),
    ("7 B", "B", "Read as 7 B."),
    ("10 s", "min", "Read as 10 s ≈ 0.1667 min."),
    ("20 ms", "ms", "Read as 20 ms = 0.02 s."),
]


@pytest.mark.parametrize(("typed", "unit", "told"), READINGS)
def test_a_number_is_told_as_it_is_understood(typed: str, unit: str, told: str) -> None:
    assert reading(typed, unit) == told


@pytest.mark.parametrize("typed", ["", "   "])
def test_nothing_typed_tells_nothing(typed: str) -> None:
    assert reading(typed, "GiB") == ""


def test_what_cannot_be_read_is_told_why() -> None:
    assert reading("many", "") == "This is not a number. Write it in digits, as in 1024 or 1.2e5."
    assert "one of these units: GiB, B," in reading("3 ms", "GiB")


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.sampled_from(["", *UNITS]))
def test_every_whole_number_is_told_in_full(number: int, unit: str) -> None:
    assert f"{number:,}" in reading(str(number), unit)


@given(st.decimals(-(10**28), 10**28, places=4))
def test_no_digit_of_a_reading_is_lost(number: Decimal) -> None:
    told = reading(f"{number:f}", "").removeprefix("Read as ").removesuffix(".").replace(",", "")
    mantissa, _, power = told.partition(" × 10")
    exponent = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or "0"
    assert Decimal(f"{mantissa}e{exponent}") == number


def asked(page: Client, **parameters: str) -> str:
    return page.get("/readings/number/", parameters).content.decode()


def test_the_server_reads_the_field_that_is_named(page: Client) -> None:
    told = asked(page, **{"field": "part-1-number", "part-1-number": "2 GiB", "unit": "GiB"})
    assert told == "Read as 2 GiB = 2,147,483,648 B."


def test_markup_that_is_typed_comes_back_as_text(page: Client) -> None:
    told = asked(page, field="number", number="5 <b>", unit="<i>")
    assert "<" not in told


def test_a_stranger_is_sent_to_log_in(client: Client) -> None:
    response = client.get("/readings/number/", {"field": "number", "number": "5"})
    assert response["HX-Refresh"] == "true"
    assert response.content == b""


def test_without_a_script_the_reading_stands_by_the_field_once_it_was_sent(page: Client) -> None:
    page.post("/questions/keys-of-one-query/", {"number": "1 024"})
    html = page.get("/questions/keys-of-one-query/").content.decode()
    assert '<p class="reading" id="reading" aria-live="polite">Read as 1,024.</p>' in html

"""Is this machine quiet enough to time on?"""

from collections.abc import Callable
from functools import partial

import pytest

from grader.devices import exclusive
from grader.gate import Gate, Reading, look
from grader.judge.timekeeper import Timekeeper
from sandbox.limits import Limits
from sandbox.pool import open_pool

QUIET = Reading(low=0.98, median=1.001, high=1.03)
NOISY = Reading(low=0.9, median=1.0, high=1.1)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def answering(*readings: Reading) -> tuple[Callable[[], Reading], list[Reading]]:
    """Return something that gives these readings in turn, and what is left of them."""
    left = list(readings)
    return partial(left.pop, 0), left


@pytest.mark.parametrize("median", [0.97, 1.03])
def test_a_median_off_by_three_per_cent_is_not_quiet(median: float) -> None:
    assert not Reading(low=median - 0.01, median=median, high=median + 0.01).quiet


def test_a_wide_interval_is_not_quiet_even_around_one() -> None:
    assert not NOISY.quiet
    assert QUIET.quiet


def test_a_quiet_reading_lasts_for_minutes() -> None:
    clock = Clock()
    gate = Gate(clock)
    take, left = answering(QUIET, NOISY, NOISY)
    assert gate.noise(take) is None
    clock.now += 200
    assert gate.noise(take) is None
    assert len(left) == 2
    clock.now += 200
    assert gate.noise(take) is NOISY


def test_a_single_burst_is_looked_at_twice() -> None:
    take, left = answering(NOISY, QUIET)
    assert Gate().noise(take) is None
    assert not left


def test_a_noisy_machine_is_looked_at_before_every_job() -> None:
    gate = Gate()
    take, left = answering(NOISY, NOISY, QUIET)
    assert gate.noise(take) is NOISY
    assert gate.noise(take) is None
    assert not left


def test_doubt_makes_a_quiet_machine_be_looked_at_again() -> None:
    gate = Gate()
    take, _ = answering(QUIET, NOISY, NOISY)
    assert gate.noise(take) is None
    gate.doubt()
    assert gate.noise(take) is NOISY


def test_a_reading_says_what_was_measured() -> None:
    assert str(NOISY) == "the same code against itself gave 1.000 (between 0.900 and 1.100)"


@pytest.mark.sandbox
@pytest.mark.timing
def test_the_same_code_in_two_processes_is_about_equally_fast() -> None:
    with open_pool(2, Limits()) as pool:
        lock = partial(exclusive, "cpu", lambda: None)
        reading = look(pool, lock, Timekeeper(lambda *_: None))
    assert 0.8 < reading.low <= reading.median <= reading.high < 1.25

"""Is this machine quiet enough to time on? The same code against itself, paired as in a race.

Two processes run the dense reference on the same fresh inputs. Their true ratio is 1, so whatever
else is measured is the machine's noise, and tells what a submission's ratio would suffer from.
"""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from grader.contract import Case, Draw
from grader.exercises import EXERCISES
from grader.judge.decision import interval
from grader.judge.inputs import Inputs
from grader.judge.quiet import Lock, one_thread, quiet
from grader.judge.session import Reference, Source
from grader.judge.speed import CallRace
from grader.judge.timekeeper import Timekeeper
from grader.references import source_of
from sandbox.pool import Pool

PAIRS = 15
MOST_OFF = 0.02
MOST_HALF_WIDTH = 0.07

# One call takes about 15 ms, so that a look takes half a second. Shorter ones tell of the machine
# what does not matter: at n = 2048 one look in six fails where at 4096 none does.
_N = 3_072
_ONE = Draw(low=1, high=1)
_CASE = Case(n=Draw(low=_N, high=_N), batch=_ONE, heads=_ONE)
_GOOD_FOR_SECONDS = 300.0


@dataclass(frozen=True)
class Reading:
    """What the same code against itself gave: 1 on a machine without noise."""

    low: float
    median: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the width of the interval, relative to the median."""
        return (self.high - self.low) / (2 * self.median)

    @property
    def quiet(self) -> bool:
        """Say whether a submission 15 % from its threshold could be decided here."""
        return abs(self.median - 1) <= MOST_OFF and self.half_width < MOST_HALF_WIDTH

    def __str__(self) -> str:
        return (
            f"the same code against itself gave {self.median:.3f} "
            f"(between {self.low:.3f} and {self.high:.3f})"
        )


def look(pool: Pool, lock: Lock, keeper: Timekeeper) -> Reading:
    """Take one reading. Raises SandboxUnavailable or BrokenReferenceError."""
    source = Source(source_of("dense"), "sdpa_causal")
    inputs = Inputs(EXERCISES["dense-causal"])
    with (
        one_thread(),
        closing(Reference(source, pool, keeper)) as one,
        closing(Reference(source, pool, keeper)) as two,
        quiet(lock, pool, keeper),
    ):
        race = CallRace(_CASE, inputs, one.run, two.run, lambda *_: None)
        race.warm_up()
        found = interval([race.pair() for _ in range(PAIRS)])
    return Reading(found.low, found.median, found.high)


class Gate:
    """Remembers how long ago the machine was found quiet, and looks again when that is old."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._quiet_at: float | None = None

    def doubt(self) -> None:
        """Look again before the next job, whatever was found before."""
        self._quiet_at = None

    def noise(self, take: Callable[[], Reading]) -> Reading | None:
        """Return a reading that is too noisy to time after, or None: go on.

        ``take`` is asked when the last quiet reading is too old, and once more when its first
        answer is noisy: a single burst next door is no reason to send a job away.
        """
        if self._quiet_at is not None and self._clock() - self._quiet_at < _GOOD_FOR_SECONDS:
            return None
        reading = take()
        if not reading.quiet:
            reading = take()
        self._quiet_at = self._clock() if reading.quiet else None
        return None if reading.quiet else reading

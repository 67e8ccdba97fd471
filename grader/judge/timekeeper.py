"""Where a judging stands, how long it may still take, and where its time went."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from grader.contract import Stage

# One file takes at most 150 s in all; the rest is for stopping and telling.
BUDGET_SECONDS = 140.0


class Progress(Protocol):
    """Hears of each stage, and again while a stage lasts."""

    def __call__(self, stage: Stage, done: int | None = None, total: int | None = None) -> None:
        """Take note that ``done`` of ``total`` steps of ``stage`` are done."""


class Timekeeper:
    """Tells the stage, watches the budget, adds up seconds by what they were spent on."""

    def __init__(self, progress: Progress, budget: float = BUDGET_SECONDS) -> None:
        self._progress = progress
        self._place: tuple[Stage, int | None, int | None] = ("preparing", None, None)
        self._started = time.monotonic()
        self._deadline = self._started + budget
        self._spent: defaultdict[str, float] = defaultdict(float)

    def at(self, stage: Stage, done: int | None = None, total: int | None = None) -> None:
        """Tell where the judging stands."""
        self._place = (stage, done, total)
        self.tick()

    def tick(self) -> None:
        """Tell it again, so that the job's lease lives while a long call runs."""
        self._progress(*self._place)

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    @property
    def seconds_left(self) -> float:
        """Seconds of the budget that are left, negative when it is overdrawn."""
        return self._deadline - time.monotonic()

    def charge(self, account: str, seconds: float) -> None:
        """Add seconds to an account."""
        self._spent[account] += seconds

    @contextmanager
    def charging(self, account: str) -> Iterator[None]:
        """Charge the time of a block to an account."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.charge(account, time.monotonic() - started)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Keep the time of a block, a wait for others, off the budget."""
        started = time.monotonic()
        try:
            yield
        finally:
            waited = time.monotonic() - started
            self._deadline += waited
            self.charge("waiting", waited)

    def accounts(self) -> dict[str, float]:
        """Return seconds by account; ``rest`` is all that no account has."""
        rest = self.seconds - sum(self._spent.values())
        return {name: round(spent, 3) for name, spent in {**self._spent, "rest": rest}.items()}

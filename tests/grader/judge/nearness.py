"""Which verdicts about speed a much slower machine may not share."""

from functools import cache

import pytest

from benchmarks.load import Calibration
from grader.contract import Failure, Speedup, Verdict

NEAR = 1.4
USUAL_MS = 18.0  # the calibration loop takes 10 to 13 where the thresholds were set
SPEED = {"passed", Failure.TOO_SLOW, Failure.INCONCLUSIVE}


def skip_where_near(given: Verdict, expected: str) -> None:
    """On a much slower machine, skip where a verdict differs by speed alone and its ratio lies near
    the threshold.

    The files were written, and the thresholds set, where Python and dense kernels had other speeds;
    a ratio of the two moves with the machine. Cheats are never given this room.
    """
    found = given.failure or "passed"
    if found == expected or not {found, expected} <= SPEED:
        return
    if _loop_ms() < USUAL_MS:
        return
    for check in given.checks:
        if isinstance(check, Speedup) and 1 / NEAR < check.ratio / check.threshold < NEAR:
            pytest.skip(
                f"{found} here, not {expected}: {check.ratio:.2f}x where {check.threshold:g}x is "
                f"asked, too near where the calibration loop takes {_loop_ms():.0f} ms"
            )


@cache
def _loop_ms() -> float:
    return Calibration.now().milliseconds

"""Which verdicts about speed another machine may not share."""

import pytest

from grader.contract import Failure, Speedup, Verdict

NEAR = 1.4
SPEED = {"passed", Failure.TOO_SLOW, Failure.INCONCLUSIVE}


def skip_where_near(given: Verdict, expected: str) -> None:
    """Skip where a verdict differs by speed alone and its ratio lies near the threshold.

    The files were written, and the thresholds set, where Python and dense kernels had other speeds;
    a ratio of the two moves with the machine. Cheats are never given this room.
    """
    found = given.failure or "passed"
    if found == expected or not {found, expected} <= SPEED:
        return
    for check in given.checks:
        if isinstance(check, Speedup) and 1 / NEAR < check.ratio / check.threshold < NEAR:
            pytest.skip(
                f"{found} here, not {expected}: {check.ratio:.2f}x where {check.threshold:g}x is "
                f"asked, too near to hold on every machine"
            )

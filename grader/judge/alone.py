"""Was the reference as fast beside a submission as it is alone? Asked on a GPU.

Stopping a process does not stop what it has started on a device: a kernel left running would make
the reference slower, and so the submission seem faster. So the reference is timed once more when
the submission's processes are gone.
"""

import statistics
from collections.abc import Callable

from grader.contract import Failure
from grader.judge.findings import Failed
from grader.judge.speed import CallRace, Race

_TIMES = 7
#: Less than the factor by which thresholds stay below what model solutions reach.
_MOST_SLOWED = 1.2
_MESSAGE = (
    "Right, but the reference was slower beside this submission than alone, so that its speed "
    "cannot be told. A person looks at it; you need not submit again."
)


def must_leave_alone(race: Race, end: Callable[[], None]) -> None:
    """Raise Failed, held for a person, where the reference was slowed; ``end`` goes first.

    Only calls of whole sequences are looked at.
    """
    if not isinstance(race, CallRace):
        return
    end()
    alone = statistics.median(race.reference_alone(race.case) for _ in range(_TIMES))
    beside = statistics.median(race.reference_seconds)
    if beside > _MOST_SLOWED * alone:
        failed = Failed(Failure.INCONCLUSIVE, _MESSAGE)
        failed.held = (
            f"The reference took {beside:.3g} s beside the submission and {alone:.3g} s alone."
        )
        raise failed

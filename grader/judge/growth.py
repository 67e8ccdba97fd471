"""How does time grow with n? The slope of log seconds over log n."""

import math
import statistics
from collections.abc import Callable, Sequence

from grader.contract import Draw, Growth, GrowthPoint
from grader.judge.calls import Call
from grader.judge.inputs import Inputs
from grader.judge.session import Answer

_REPEATS = 4
# The dense arm is timed for the plot alone, where it is cheap.
_LARGEST_REFERENCE_N = 8_192
_REFERENCE_REPEATS = 1


def measure(
    growth: Growth,
    inputs: Inputs,
    candidate: Callable[[Call], Answer],
    reference: Callable[[Call], Answer] | None,
    told: Callable[[int, int], None],
) -> tuple[GrowthPoint, ...]:
    """Return median CPU seconds at each size, the sizes interleaved so that drift hits all."""
    seconds: dict[int, list[float]] = {n: [] for n in growth.n}
    dense: dict[int, list[float]] = {n: [] for n in growth.n}
    # The first round is dropped: it pays for pages that the others find ready.
    for round_ in range(_REPEATS + 1):
        for n in growth.n:
            call = inputs.draw(growth.case.model_copy(update={"n": Draw(low=n, high=n)}))
            taken = candidate(call).cpu_seconds
            if round_:
                seconds[n].append(taken)
            if reference and 0 < round_ <= _REFERENCE_REPEATS and n <= _LARGEST_REFERENCE_N:
                dense[n].append(reference(call).cpu_seconds)
        told(round_ + 1, _REPEATS + 1)
    return tuple(
        GrowthPoint(
            n=n,
            seconds=statistics.median(seconds[n]),
            reference_seconds=statistics.median(dense[n]) if dense[n] else None,
        )
        for n in growth.n
    )


def slope(points: Sequence[GrowthPoint]) -> float:
    """Return the least-squares slope on log-log axes."""
    fit = statistics.linear_regression(
        [math.log(point.n) for point in points],
        [math.log(max(point.seconds, 1e-9)) for point in points],
    )
    return fit.slope

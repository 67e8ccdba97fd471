"""How does time grow with n? The slope of log seconds over log n."""

import math
import statistics
from collections.abc import Callable, Sequence

from grader.contract import Draw, Growth, GrowthPoint
from grader.judge.calls import Call
from grader.judge.findings import Answer, Told
from grader.judge.inputs import Inputs

_REPEATS = 4
# The dense arm is timed for the plot alone, where it is cheap.
_LARGEST_REFERENCE_N = 9_000
_REFERENCE_REPEATS = 1
_STRETCH = (0.94, 1.06)


def measure(
    growth: Growth,
    inputs: Inputs,
    candidate: Callable[[Call], Answer],
    reference: Callable[[Call], Answer] | None,
    told: Told,
) -> tuple[GrowthPoint, ...]:
    """Return median seconds at each size, the sizes interleaved so that drift hits all.

    The sizes are drawn near those declared, parameters and heads once for all.
    """
    case = inputs.pinned(growth.case)
    sizes = [round(n * inputs.uniform(*_STRETCH)) for n in growth.n]
    seconds: dict[int, list[float]] = {n: [] for n in sizes}
    dense: dict[int, list[float]] = {n: [] for n in sizes}
    # The first round is dropped: it pays for pages that the others find ready.
    for round_ in range(_REPEATS + 1):
        for n in sizes:
            call = inputs.draw(case.model_copy(update={"n": Draw(low=n, high=n)}))
            taken = candidate(call).seconds
            if round_:
                seconds[n].append(taken)
            if reference and 0 < round_ <= _REFERENCE_REPEATS and n <= _LARGEST_REFERENCE_N:
                dense[n].append(reference(call).seconds)
        told(round_ + 1, _REPEATS + 1)
    return tuple(
        GrowthPoint(
            n=n,
            seconds=statistics.median(seconds[n]),
            reference_seconds=statistics.median(dense[n]) if dense[n] else None,
        )
        for n in sizes
    )


def slope(points: Sequence[GrowthPoint]) -> float:
    """Return the least-squares slope on log-log axes."""
    fit = statistics.linear_regression(
        [math.log(point.n) for point in points],
        [math.log(max(point.seconds, 1e-9)) for point in points],
    )
    return fit.slope

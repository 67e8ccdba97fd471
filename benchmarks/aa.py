"""The reference against itself, 63 pairs, a busy neighbour on the other core."""

import statistics
from collections.abc import Iterator
from contextlib import closing

from benchmarks.common import busy_neighbour, number, race
from grader.contract import Case, Draw
from grader.exercises import EXERCISES
from grader.judge.decision import BETWEEN_PROCESSES, MOST_PAIRS, interval
from grader.judge.quiet import one_thread
from grader.judge.session import Source
from grader.references import source_of
from sandbox.pool import Pool, open_pool

_RUNS = number("AA_RUNS", 100)
_CASE = Case(n=Draw.only(4096), batch=Draw.only(1), heads=Draw.only(1))


def _run(pool: Pool) -> list[float]:
    """Return the ratios of 63 pairs of the dense reference with itself."""
    source = Source(source_of("dense"), "sdpa_causal")
    with race(EXERCISES["dense-causal"], _CASE, source, source, pool) as (runner, _, _):
        runner.warm_up()
        return [runner.pair() for _ in range(MOST_PAIRS)]


def measure() -> Iterator[str]:
    """Count how many intervals hold 1, also without their allowance for two processes."""
    medians, held, held_bare = [], 0, 0
    with busy_neighbour(), one_thread(), closing(open_pool(2)) as pool:
        for _ in range(_RUNS):
            found = interval(_run(pool))
            medians.append(found.median)
            held += found.low <= 1.0 <= found.high
            bare = found.low / (1 - BETWEEN_PROCESSES), found.high / (1 + BETWEEN_PROCESSES)
            held_bare += bare[0] <= 1.0 <= bare[1]
    yield f"the interval holds 1 in {held} of {_RUNS} runs (asked: 92 of 100)"
    yield f"without the {BETWEEN_PROCESSES:.2%} allowed for two processes: in {held_bare}"
    yield (
        f"median ratio: {statistics.median(medians):.4f}, runs from {min(medians):.4f} to "
        f"{max(medians):.4f}, deviation {statistics.stdev(medians):.4f} (asked: 0.98 to 1.02)"
    )

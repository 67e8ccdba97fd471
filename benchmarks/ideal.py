"""Model solutions against SDPA at n = 16,384, as a share of what skipping pairs can give."""

import statistics
from collections.abc import Iterator
from contextlib import closing

from benchmarks.common import number, race
from grader.contract import Case, Draw
from grader.exercises import EXERCISES
from grader.judge.calls import visible
from grader.judge.quiet import one_thread
from grader.judge.session import source_for
from grader.judge.speed import is_causal, reference_source
from grader.references import models_of, source_of
from sandbox.pool import Pool, open_pool

_N = 16_384
_PAIRS = number("IDEAL_PAIRS", 9)
_SHAPES = {
    "sliding-window": {"window": 256},
    "strided": {"stride": 16},
    "block-sparse": {"block_size": 64, "tiles": 8, "more": 0, "seed": 1},
}


def _ratio(slug: str, model: str, case: Case, pool: Pool) -> float:
    exercise = EXERCISES[slug]
    assert exercise.speed is not None
    candidate = source_for(exercise, source_of(model))
    arms = race(exercise, case, candidate, reference_source(exercise, exercise.speed), pool)
    with arms as (runner, _, _):
        runner.warm_up()
        return statistics.median(runner.pair() for _ in range(_PAIRS))


def measure() -> Iterator[str]:
    """Race each model solution against SDPA on the same inputs."""
    with one_thread(), closing(open_pool(2)) as pool:
        for slug, parameters in _SHAPES.items():
            draws = {name: Draw.only(value) for name, value in parameters.items()}
            case = Case(n=Draw.only(_N), batch=Draw.only(1), heads=Draw.only(1), parameters=draws)
            dense = _N * (_N + 1) // 2 if is_causal(EXERCISES[slug], case) else _N * _N
            ideal = dense / visible(EXERCISES[slug], parameters).count(_N)
            for model in models_of(slug):
                ratio = _ratio(slug, model, case, pool)
                yield (
                    f"  {model} {parameters}: {ratio:.1f} times as fast as SDPA, "
                    f"{ratio / ideal:.0%} of the ideal {ideal:.1f} (asked of the first: 40 %)"
                )

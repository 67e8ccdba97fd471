"""Pre-forked children: first operation, memory of their own, and how many submissions a minute."""

import multiprocessing
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path

from benchmarks.common import judged, number
from benchmarks.warm import first
from grader.contract import Exercise
from grader.exercises import EXERCISES
from grader.references import models_of, source_of
from sandbox.pool import WarmPool, open_pool, pool_kind

_ROUNDS = number("ZYGOTE_ROUNDS", 9)
_SECONDS = number("ZYGOTE_SECONDS", 60)
_WORKERS = 2
_SETTLE_SECONDS = 3.0
_SLUGS = ("dense-causal", "sliding-window", "strided", "global-window", "top-k-pruned")
_KIB_PER_MB = 1000 / 1.024


def own_kib(pid: int) -> int:
    """Return the memory that no other process shares, in KiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def _firsts() -> Iterator[str]:
    cold, forked, own = [], [], []
    with closing(open_pool(2)) as ready:
        for _ in range(_ROUNDS):
            with ready.pause(), closing(WarmPool(1)) as fresh:
                cold.append(first(fresh))
            time.sleep(_SETTLE_SECONDS)
            with ready.pause():
                forked.append(first(ready))
                with closing(ready.take()) as waiting:
                    own.append(own_kib(waiting.pid))
    for what, asked in (("operation", " (asked: at least 500)"), ("result", "")):
        slow, quick = ([getattr(one, what) for one in them] for them in (cold, forked))
        ratios = [one / other for one, other in zip(slow, quick, strict=True)]
        yield (
            f"first {what}: cold {statistics.median(slow) * 1e3:.0f} ms, pre-forked "
            f"{statistics.median(quick) * 1e3:.2f} ms; ratio median "
            f"{statistics.median(ratios):.0f}, lowest of {_ROUNDS} {min(ratios):.0f}{asked}"
        )
    yield (
        f"a waiting child's own memory: median {statistics.median(own) / _KIB_PER_MB:.1f} MB, "
        f"most {max(own) / _KIB_PER_MB:.1f} MB (asked: under 4)"
    )


def untimed(exercise: Exercise) -> Exercise:
    """Return the exercise without what is timed."""
    return exercise.model_copy(update={"speed": None, "growth": None})


def grade_until(start: float, seconds: float) -> int:
    """Judge one submission after the other; return how many were done in time."""
    done = 0
    with closing(open_pool(2)) as pool:
        sources = [(untimed(EXERCISES[slug]), source_of(models_of(slug)[0])) for slug in _SLUGS]
        judged(*sources[0], pool)
        time.sleep(max(0.0, start - time.time()))
        while True:
            verdict = judged(*sources[done % len(sources)], pool)
            assert verdict.passed, verdict
            if time.time() > start + seconds:
                return done
            done += 1


def _throughput() -> str:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(_WORKERS, mp_context=context) as workers:
        start = time.time() + 20
        counts = [workers.submit(grade_until, start, _SECONDS) for _ in range(_WORKERS)]
        done = sum(count.result() for count in counts)
    return (
        f"whole judgings without the timing phase, {_WORKERS} workers, {len(_SLUGS)} exercises in "
        f"turn: {done * 60 / _SECONDS:.0f} a minute (asked: at least 60)"
    )


def measure() -> Iterator[str]:
    """Measure cold and pre-forked in pairs, then let two workers judge for a while."""
    kind, why = pool_kind()
    yield f"pool: {kind} ({why})"
    yield from _firsts()
    yield _throughput()

"""What several benchmarks need."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial

from grader.contract import Case, Exercise, GradingJob, Verdict
from grader.devices import exclusive
from grader.judge import grade
from grader.judge.inputs import Inputs
from grader.judge.session import Reference, Source
from grader.judge.speed import CallRace
from grader.judge.timekeeper import Timekeeper
from sandbox.pool import Pool

LOCK = partial(exclusive, "cpu", lambda: None)

_BURST = """
import time
import numpy as np
a = np.random.rand(700, 700)
while True:
    until = time.monotonic() + np.random.rand()
    while time.monotonic() < until:
        a @ a
    time.sleep(np.random.rand() * 0.5)
"""


def number(name: str, usual: int) -> int:
    """Return how often to do something, as the environment says, for a short run."""
    return int(os.environ.get(name, usual))


@contextmanager
def busy_neighbour() -> Iterator[None]:
    """Keep one core busy in bursts."""
    environment = dict(os.environ) | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    neighbour = subprocess.Popen([sys.executable, "-c", _BURST], env=environment)
    try:
        yield
    finally:
        neighbour.kill()
        neighbour.wait()


def judged(exercise: Exercise, source: bytes, pool: Pool) -> Verdict:
    """Judge one file as a worker does."""
    job = GradingJob(
        job="bench",
        token="b" * 32,
        source_base64=base64.b64encode(source).decode(),
        exercise=exercise,
    )
    return grade(job, pool, progress=lambda *_: None, lock=LOCK)


def patient() -> Timekeeper:
    """Return a keeper of time without a budget."""
    return Timekeeper(lambda *_: None, budget=1e6)


@contextmanager
def race(
    exercise: Exercise, case: Case, candidate: Source, reference: Source, pool: Pool
) -> Iterator[tuple[CallRace, Reference, Reference]]:
    """Put two files of ours into processes of their own, to be timed on the calls of ``case``."""
    keeper = patient()
    with (
        closing(Reference(candidate, pool, keeper)) as one,
        closing(Reference(reference, pool, keeper)) as two,
        LOCK(),
        pool.pause(),
    ):
        yield CallRace(case, Inputs(exercise), one.run, two.run, lambda *_: None), one, two

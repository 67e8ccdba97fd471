import base64
import contextlib
from pathlib import Path

import pytest
import torch

from grader.contract import GradingJob
from grader.exercises import EXERCISES
from sandbox.limits import Limits
from sandbox.pool import open_pool

# A hanging submission should not hold the suite: these are the product's limits, shortened.
LIMITS = Limits(import_seconds=6.0)
CALL_SECONDS = 12.0


@pytest.fixture(autouse=True)
def _one_thread():
    """Small tensors on two contended cores wait for each other more than they compute."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def pool():
    with open_pool(2, LIMITS) as pool:
        yield pool


@pytest.fixture(scope="session")
def grade_job(pool):
    from grader.judge import grade

    def run(job):
        return grade(job, pool, progress=lambda *_: None, lock=contextlib.nullcontext)

    return run


@pytest.fixture(scope="session")
def judge(grade_job):
    """Judge the bytes of a submission to a built-in exercise."""

    def run(slug, source: bytes):
        exercise = EXERCISES[slug]
        if exercise.form != "decode":  # one request there is thousands of steps
            exercise = exercise.model_copy(update={"call_seconds": CALL_SECONDS})
        encoded = base64.b64encode(source).decode()
        return grade_job(
            GradingJob(job="test", token="t" * 32, source_base64=encoded, exercise=exercise)
        )

    return run


@pytest.fixture
def submissions():
    return Path(__file__).parents[2] / "submissions"

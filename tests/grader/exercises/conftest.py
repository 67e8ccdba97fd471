import base64
import contextlib

import pytest

from grader.contract import GradingJob


@pytest.fixture(scope="session")
def judge_typed():
    """Judge a source for an exercise that is not built in."""
    from grader.judge import grade
    from sandbox.limits import Limits
    from sandbox.pool import open_pool

    with open_pool(2, Limits()) as pool:

        def run(exercise, source: str):
            encoded = base64.b64encode(source.encode()).decode()
            job = GradingJob(job="t", token="t" * 32, source_base64=encoded, exercise=exercise)
            return grade(job, pool, progress=lambda *_: None, lock=contextlib.nullcontext)

        yield run

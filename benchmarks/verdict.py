"""How long a full verdict takes, and what of it is not the learner's, reference or truth."""

import statistics
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from grader.contract import GradingJob
from grader.devices import exclusive
from grader.exercises import EXERCISES
from grader.judge import grade
from sandbox.limits import Limits
from sandbox.pool import WarmPool

_ROUNDS = 5
_MODEL = Path(__file__).parent.parent / "tests/submissions/sliding-window/blocks.py"


def measure() -> Iterator[str]:
    """Grade the model solution of sliding-window several times over, without a rest between."""
    job = GradingJob(
        job="bench",
        token="b" * 32,
        source_base64=b64encode(_MODEL.read_bytes()).decode(),
        exercise=EXERCISES["sliding-window"],
    )
    totals, rests = [], []
    lock = partial(exclusive, "cpu", lambda: None)
    with closing(WarmPool(2, Limits())) as pool:
        for _ in range(_ROUNDS):
            verdict = grade(job, pool, progress=lambda *_: None, lock=lock)
            assert verdict.passed, verdict
            accounts = dict(verdict.evidence.stage_seconds)
            totals.append(verdict.seconds)
            rests.append(accounts["rest"] + accounts["waiting"])
            yield "  " + ", ".join(f"{name} {spent:.2f} s" for name, spent in accounts.items())
    yield (
        f"full verdict: median {statistics.median(totals):.1f} s, "
        f"longest {max(totals):.1f} s (asked: 20 s or less)"
    )
    yield (
        "beside learner, reference and expected output, waiting for a warm process included: "
        f"median {statistics.median(rests):.2f} s, most {max(rests):.2f} s (asked: 1.5 s at most)"
    )

"""What waits in the broker, and messages as a grading machine sends them."""

import base64
import json
from typing import Any

from redis import Redis

from grader.contract import (
    Correctness,
    Failure,
    GradingJob,
    HandOnMessage,
    Stage,
    StageMessage,
    Verdict,
    VerdictMessage,
)


def code(number: int) -> bytes:
    """Return a submission's source, other code for each number."""
    return b"def attention(q, k, v, window):\n    return %d * v\n" % number


def payloads_in(broker: Redis, queue: str) -> list[str]:
    """Return the payloads that wait in a queue, first come first."""
    messages: Any = broker.lrange(queue, 0, -1)
    bodies = [base64.b64decode(json.loads(message)["body"]) for message in reversed(messages)]
    return [json.loads(body)[0][0] for body in bodies]


def jobs_in(broker: Redis, queue: str = "grade.cpu") -> list[GradingJob]:
    """Return the jobs that wait in a device's queue, first come first."""
    return [GradingJob.model_validate_json(payload) for payload in payloads_in(broker, queue)]


def take_job(broker: Redis, queue: str = "grade.cpu") -> GradingJob:
    """Take the job that has waited longest, as a worker does."""
    job = jobs_in(broker, queue)[0]
    broker.rpop(queue)
    return job


def hand_on_of(job: GradingJob, worker: str = "host:1") -> str:
    """Return the message of a worker that finds its machine too noisy."""
    return HandOnMessage(
        job=job.job, token=job.token, worker=worker, reason="A/A off by 4 %."
    ).model_dump_json()


def stage_of(job: GradingJob, stage: Stage = "preparing", **counts: Any) -> str:
    """Return the message of a stage."""
    return StageMessage(job=job.job, token=job.token, stage=stage, **counts).model_dump_json()


def verdict_of(job: GradingJob, failure: Failure | None = None, **told: Any) -> str:
    """Return the message of a verdict: passed, or the failure."""
    right = failure in (None, Failure.TOO_SLOW, Failure.INCONCLUSIVE)
    check = Correctness(passed=right, error=1e-7, tolerance=4e-6)
    facts: dict[str, Any] = {
        "exercise": job.exercise.slug,
        "passed": failure is None,
        "failure": failure,
        "message": "Said to the learner.",
        "checks": (check,),
        "device": job.device,
        "seconds": 1.5,
    }
    verdict = Verdict(**(facts | told))
    return VerdictMessage(job=job.job, token=job.token, verdict=verdict).model_dump_json()

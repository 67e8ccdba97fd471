"""The grading worker: takes jobs from the broker, judges them, sends stages and verdicts home.

It has no Django and no database, only ``BROKER_URL``. One process judges one job at a time (start
it with ``--pool solo``) and keeps warm sandboxes ready; run several for more throughput, they share
the device's timing lock. A message is acknowledged when its job starts: if this process dies, it is
the lease in the database that brings the job back, not the broker.
"""

import functools
import os
import time
from collections.abc import Callable
from typing import Any

import structlog
from celery import Celery
from celery.signals import worker_ready, worker_shutdown
from pydantic import ValidationError

from grader import dispatch
from grader.contract import GradingJob, Stage, StageMessage, VerdictMessage
from grader.devices import exclusive
from grader.judge import grade
from sandbox.limits import Limits
from sandbox.pool import WarmPool

log = structlog.get_logger(__name__)

_WARM_PROCESSES = 2
_RENEW_SECONDS = 3.0
_SHORTEST_GAP_SECONDS = 0.25

# Not the current application: who imports this beside the web side's must not send through it.
app = Celery("sparring-grader", broker=os.environ.get("BROKER_URL"), set_as_current=False)
app.conf.update(
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    worker_enable_remote_control=False,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options=dispatch.transport_options(),
)


class Reporter:
    """Sends a job's stages home: at once when the stage changes, else sparingly."""

    def __init__(self, job: GradingJob, send: Callable[[StageMessage], None]) -> None:
        self._job, self._send = job, send
        self._last: StageMessage | None = None
        self._sent_at = 0.0

    def __call__(self, stage: Stage, done: int | None = None, total: int | None = None) -> None:
        """Report ``done`` of ``total`` steps of a stage."""
        message = StageMessage(
            job=self._job.job, token=self._job.token, stage=stage, done=done, total=total
        )
        age = time.monotonic() - self._sent_at
        new_stage = self._last is None or self._last.stage != stage
        moved = message != self._last and age >= _SHORTEST_GAP_SECONDS
        if new_stage or moved or age >= _RENEW_SECONDS:
            self._send(message)
            self._last, self._sent_at = message, time.monotonic()

    def renew(self) -> None:
        """Report the same place again if the lease needs it."""
        if self._last is not None:
            self(self._last.stage, self._last.done, self._last.total)


@functools.cache
def _pool() -> WarmPool:
    return WarmPool(_WARM_PROCESSES, Limits())


@worker_ready.connect  # type: ignore[untyped-decorator]
def _warm_up(**_: Any) -> None:
    _pool()


@worker_shutdown.connect  # type: ignore[untyped-decorator]
def _close_pool(**_: Any) -> None:
    if _pool.cache_info().currsize:
        _pool().close()


@app.task(name=dispatch.GRADE)  # type: ignore[untyped-decorator]
def grade_job(payload: str) -> None:
    """Judge one job and send its verdict home."""
    try:
        job = GradingJob.model_validate_json(payload)
    except ValidationError as fault:
        log.error("job_refused", errors=fault.error_count())
        return
    reporter = Reporter(job, lambda message: dispatch.send_stage(app, message))
    reporter("preparing")
    lock = functools.partial(exclusive, job.device, reporter.renew)
    verdict = grade(job, _pool(), progress=reporter, lock=lock)
    dispatch.send_verdict(app, VerdictMessage(job=job.job, token=job.token, verdict=verdict))
    log.info("judged", job=job.job, exercise=verdict.exercise, failure=verdict.failure)

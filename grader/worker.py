"""The grading worker: takes jobs from the broker, judges them, sends stages and verdicts home.

It has no Django and no database, only ``BROKER_URL``, and ``SPARRING_DEVICE`` where it grades on a
GPU: then it takes jobs from ``grade.gpu`` alone. One process judges one job at a time (start
it with ``--pool solo``) and keeps warm sandboxes ready; run several for more throughput, they share
the device's timing lock. A message is acknowledged when its job starts: if this process dies, it is
the lease in the database that brings the job back, not the broker.

Before a worker times anything it finds out, by a race of the reference against itself, whether its
machine is quiet enough for that; if not it says so and hands the job on.
"""

import functools
import hashlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import structlog
from celery import Celery
from celery.signals import worker_ready, worker_shutdown
from kombu.exceptions import OperationalError
from pydantic import ValidationError

from grader import alive, dispatch, logs, trace
from grader.contract import (
    Device,
    Failure,
    GradingJob,
    HandOnMessage,
    Stage,
    StageMessage,
    VerdictMessage,
    WorkerMessage,
)
from grader.devices import chosen_device, exclusive
from grader.gate import Gate, Reading, look
from grader.judge import grade
from grader.judge.findings import BrokenReferenceError
from grader.judge.quiet import Lock
from grader.judge.timekeeper import Timekeeper
from sandbox.limits import Limits
from sandbox.pool import Pool, open_pool
from sandbox.wire import SandboxUnavailable

log = structlog.get_logger(__name__)

_WARM_PROCESSES = 2
_RENEW_SECONDS = 3.0
_SHORTEST_GAP_SECONDS = 0.25
# After so many noisy machines the job is judged all the same: the decision itself says when it
# cannot tell.
_MOST_HANDED_ON = 3
# A worker that handed a job on leaves the next message to others for as long.
_REST_SECONDS = 2.0
# Half of what the web side counts as lately, so that one lost message does not matter.
_PRESENCE_SECONDS = 12.0


def broker_url() -> str | None:
    """Return the broker's address, from ``BROKER_URL`` or from the file in ``BROKER_URL_FILE``."""
    kept = os.environ.get("BROKER_URL_FILE")
    return Path(kept).read_text().strip() if kept else os.environ.get("BROKER_URL")


# Not the current application: who imports this beside the web side's must not send through it.
app = Celery("sparring-grader", broker=broker_url(), set_as_current=False)
app.conf.update(
    task_default_queue=dispatch.grading_queue(chosen_device()),
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    worker_enable_remote_control=False,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options=dispatch.transport_options(),
)
logs.follow_tasks()
alive.show()


@functools.cache
def worker_name() -> str:
    """Return what this process is called: ``WORKER_NAME``, or a digest of the machine's name.

    A machine is often called after a person, which is nobody's business at the other end.
    """
    machine = hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]
    return f"{os.environ.get('WORKER_NAME') or machine}:{os.getpid()}"[:120]


class Reporter:
    """Sends a job's stages home: at once when the stage changes, else sparingly."""

    def __init__(
        self, job: GradingJob, send: Callable[[StageMessage], None], worker: str = ""
    ) -> None:
        self._job, self._send, self._worker = job, send, worker
        self._last: StageMessage | None = None
        self._sent_at = 0.0

    def __call__(self, stage: Stage, done: int | None = None, total: int | None = None) -> None:
        """Report ``done`` of ``total`` steps of a stage."""
        message = StageMessage(
            job=self._job.job,
            token=self._job.token,
            stage=stage,
            done=done,
            total=total,
            worker=self._worker,
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
def _pool() -> Pool:
    return open_pool(_WARM_PROCESSES, Limits(device=chosen_device()))


def tell_presence(device: Device, ended: threading.Event) -> None:
    """Say that this worker is there, now and every few seconds until ``ended``."""
    message = WorkerMessage(worker=worker_name(), device=device)
    while True:
        try:
            dispatch.send_worker(app, message)
        except OperationalError:
            log.warning("broker_unreachable", worker=message.worker)
        if ended.wait(_PRESENCE_SECONDS):
            return


def queue_fault(device: Device, queues: Iterable[str]) -> str:
    """Say what is wrong with the queues that a worker takes jobs from; empty when nothing is."""
    wanted, taken = dispatch.grading_queue(device), sorted(queues)
    if taken == [wanted]:
        return ""
    return f"this worker grades on {device}: it should take jobs from {wanted}, not {taken}"


_ended = threading.Event()


@worker_ready.connect  # type: ignore[untyped-decorator]
def _begin(sender: Any, **_: Any) -> None:
    _pool()
    device = chosen_device()
    fault = queue_fault(device, sender.app.amqp.queues.consume_from)
    if fault:
        log.error("wrong_queue", told=fault)
        return
    threading.Thread(
        target=tell_presence, args=(device, _ended), name="presence", daemon=True
    ).start()


@worker_shutdown.connect  # type: ignore[untyped-decorator]
def _end(**_: Any) -> None:
    _ended.set()
    if _pool.cache_info().currsize:
        _pool().close()


@functools.cache
def _gate() -> Gate:
    return Gate()


def noise(job: GradingJob, gate: Gate, take: Callable[[], Reading]) -> Reading | None:
    """Return a reading that is too noisy to judge this job after, or None: judge it."""
    if job.exercise.speed is None or job.device != "cpu" or job.handed_on >= _MOST_HANDED_ON:
        return None
    try:
        return gate.noise(take)
    except (SandboxUnavailable, BrokenReferenceError):
        # The judge meets the same fault and tells it as a verdict.
        return None


def _hand_on(job: GradingJob, reading: Reading) -> None:
    reason = f"This machine is too noisy to time on now: {reading}."
    log.warning("handed_on", worker=worker_name(), reason=reason)
    message = HandOnMessage(job=job.job, token=job.token, worker=worker_name(), reason=reason)
    dispatch.send_hand_on(app, message)
    time.sleep(_REST_SECONDS)


def _judge(job: GradingJob, reporter: Reporter, lock: Lock) -> None:
    verdict = grade(job, _pool(), progress=reporter, lock=lock)
    if verdict.failure is Failure.INCONCLUSIVE and not verdict.held:
        _gate().doubt()
    dispatch.send_verdict(app, VerdictMessage(job=job.job, token=job.token, verdict=verdict))
    log.info(
        "judged",
        exercise=verdict.exercise,
        failure=verdict.failure or "",
        seconds=round(verdict.seconds, 3),
    )


@app.task(name=dispatch.GRADE)  # type: ignore[untyped-decorator]
def grade_job(payload: str) -> None:
    """Judge one job and send its verdict home, or hand it on."""
    try:
        job = GradingJob.model_validate_json(payload)
    except ValidationError as fault:
        log.error("job_refused", errors=fault.error_count())
        return
    trace.name(**trace.named() | {"job": job.job})
    log.info("job_taken", exercise=job.exercise.slug, device=job.device, worker=worker_name())
    reporter = Reporter(job, lambda message: dispatch.send_stage(app, message), worker_name())
    reporter("preparing")
    lock = functools.partial(exclusive, job.device, reporter.renew)
    noisy = noise(job, _gate(), lambda: look(_pool(), lock, Timekeeper(reporter)))
    if noisy is None:
        _judge(job, reporter, lock)
    else:
        _hand_on(job, noisy)

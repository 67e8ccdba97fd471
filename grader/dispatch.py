"""Names and queues by which the web side and the grading machines find each other.

Both sides send by task name, so that neither imports the other. Payloads are the JSON of
``grader.contract``, one string each.
"""

from typing import Any, Protocol

from grader import trace
from grader.contract import (
    Device,
    Frozen,
    GradingJob,
    HandOnMessage,
    StageMessage,
    VerdictMessage,
    WorkerMessage,
)

GRADE = "grader.grade"
RECORD_STAGE = "assessments.record_stage"
RECORD_VERDICT = "assessments.record_verdict"
RECORD_HAND_ON = "assessments.record_hand_on"
RECORD_WORKER = "assessments.record_worker"
WEB_QUEUE = "web"


class Sender(Protocol):
    """The part of a Celery application that sends."""

    def send_task(
        self, name: str, args: tuple[str, ...], queue: str, headers: dict[str, str]
    ) -> Any:
        """Put one message on a queue."""


def grading_queue(device: Device) -> str:
    """Return the queue whose workers hold this device."""
    return "grade.gpu" if device == "cuda" else "grade.cpu"


def send_job(sender: Sender, job: GradingJob) -> None:
    """Hand a job to the grading machines."""
    _send(sender, GRADE, job, grading_queue(job.device))


def send_stage(sender: Sender, message: StageMessage) -> None:
    """Tell the web side where a job stands, which renews its lease."""
    _send(sender, RECORD_STAGE, message, WEB_QUEUE)


def send_verdict(sender: Sender, message: VerdictMessage) -> None:
    """Send a verdict home."""
    _send(sender, RECORD_VERDICT, message, WEB_QUEUE)


def send_hand_on(sender: Sender, message: HandOnMessage) -> None:
    """Give a job back, for another worker to judge or the same one later."""
    _send(sender, RECORD_HAND_ON, message, WEB_QUEUE)


def send_worker(sender: Sender, message: WorkerMessage) -> None:
    """Say that a worker is there, at work or idle, so that those who wait are told the truth."""
    _send(sender, RECORD_WORKER, message, WEB_QUEUE)


def _send(sender: Sender, task: str, message: Frozen, queue: str) -> None:
    """Send a message with the ids of what it is about beside it."""
    sender.send_task(task, (message.model_dump_json(),), queue=queue, headers=trace.headers())


def transport_options() -> dict[str, int]:
    """Return the Redis transport's options, shared by both Celery applications.

    The visibility timeout stays above a job's 150 s and its wait for the device, else the broker
    would hand a job that is being judged to a second worker. kombu's default sweep (10 × 10 s)
    would find a dead worker's message only after minutes.
    """
    return {
        "visibility_timeout": 600,
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
    }

"""Names and queues by which the web side and the grading machines find each other.

Both sides send by task name, so that neither imports the other. Payloads are the JSON of
``grader.contract``, one string each.
"""

from typing import Any, Protocol

from grader.contract import (
    Device,
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

    def send_task(self, name: str, args: tuple[str, ...], queue: str) -> Any:
        """Put one message on a queue."""


def grading_queue(device: Device) -> str:
    """Return the queue whose workers hold this device."""
    return "grade.gpu" if device == "cuda" else "grade.cpu"


def send_job(sender: Sender, job: GradingJob) -> None:
    """Hand a job to the grading machines."""
    sender.send_task(GRADE, (job.model_dump_json(),), queue=grading_queue(job.device))


def send_stage(sender: Sender, message: StageMessage) -> None:
    """Tell the web side where a job stands, which renews its lease."""
    sender.send_task(RECORD_STAGE, (message.model_dump_json(),), queue=WEB_QUEUE)


def send_verdict(sender: Sender, message: VerdictMessage) -> None:
    """Send a verdict home."""
    sender.send_task(RECORD_VERDICT, (message.model_dump_json(),), queue=WEB_QUEUE)


def send_hand_on(sender: Sender, message: HandOnMessage) -> None:
    """Give a job back, for another worker to judge or the same one later."""
    sender.send_task(RECORD_HAND_ON, (message.model_dump_json(),), queue=WEB_QUEUE)


def send_worker(sender: Sender, message: WorkerMessage) -> None:
    """Say that a worker is there, at work or idle, so that those who wait are told the truth."""
    sender.send_task(RECORD_WORKER, (message.model_dump_json(),), queue=WEB_QUEUE)


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

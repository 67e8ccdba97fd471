"""The web side's Celery tasks: parse nothing, call one service."""

from celery import shared_task
from django.db import InterfaceError, OperationalError

from assessments import services
from grader.dispatch import RECORD_HAND_ON, RECORD_STAGE, RECORD_VERDICT, RECORD_WORKER

# A database that is briefly away must not lose a report.
_again = {"autoretry_for": (OperationalError, InterfaceError), "max_retries": 8, "retry_backoff": 1}


@shared_task(name=RECORD_STAGE, **_again)  # type: ignore[untyped-decorator]
def record_stage(payload: str) -> None:
    """Take a stage message of a grading machine."""
    services.record_stage(payload)


@shared_task(name=RECORD_VERDICT, **_again)  # type: ignore[untyped-decorator]
def record_verdict(payload: str) -> None:
    """Take a verdict of a grading machine."""
    services.record_verdict(payload)


@shared_task(name=RECORD_HAND_ON, **_again)  # type: ignore[untyped-decorator]
def record_hand_on(payload: str) -> None:
    """Take back a job that a grading machine is too noisy for."""
    services.record_hand_on(payload)


@shared_task(name=RECORD_WORKER)  # type: ignore[untyped-decorator]
def record_worker(payload: str) -> None:
    """Take a worker's word that it is there; the next one comes soon."""
    services.record_worker(payload)


@shared_task(name="assessments.recover")  # type: ignore[untyped-decorator]
def recover() -> None:
    """Send again what has fallen silent; beat calls it every two seconds."""
    services.recover()


@shared_task(name="assessments.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Hand in the sittings whose grace time is over; beat calls it every five seconds."""
    services.sweep()


@shared_task(name="assessments.forget_repeats")  # type: ignore[untyped-decorator]
def forget_repeats() -> None:
    """Forget answers that no request can repeat any more; beat calls it every hour."""
    services.forget_repeats()

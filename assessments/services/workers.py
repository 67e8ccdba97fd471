"""Which grading workers are there."""

from datetime import datetime, timedelta

import structlog
from django.utils import timezone
from pydantic import ValidationError

from assessments.models import Worker
from grader.contract import WorkerMessage

log = structlog.get_logger(__name__)

LATELY = timedelta(seconds=30)
"""How long a worker of which nothing is heard still counts as being there."""

_OFTEN_ENOUGH = timedelta(seconds=5)
_FORGOTTEN = timedelta(days=1)


def record_worker(payload: str) -> bool:
    """Take a worker's word that it is there; return whether it was one."""
    try:
        message = WorkerMessage.model_validate_json(payload if isinstance(payload, str) else "")
    except ValidationError as fault:
        log.warning("malformed_message", kind="WorkerMessage", errors=fault.error_count())
        return False
    note_worker(message.worker, message.device, timezone.now())
    return True


def note_worker(name: str, device: str, now: datetime) -> None:
    """Note that a worker has been heard of; one without a name is not counted."""
    if not name:
        return
    known = Worker.objects.filter(name=name, device=device)
    if known.filter(seen_at__lte=now - _OFTEN_ENOUGH).update(seen_at=now) or known.exists():
        return
    Worker.objects.get_or_create(name=name, device=device, defaults={"seen_at": now})
    Worker.objects.filter(seen_at__lt=now - _FORGOTTEN).delete()


def workers_there(device: str, now: datetime) -> int:
    """Return how many workers of a device have been heard of lately."""
    return Worker.objects.filter(device=device, seen_at__gt=now - LATELY).count()

"""What is done about gradings that fall silent.

A grading that has been sent has a lease, and one sweep takes back whatever let its lease run out:

- while the broker's queue holds jobs, the queue vouches for those that wait in it;
- while a worker judges, each of its stage messages vouches for its job.

What was taken back waits in the database again, with all that waits there for its turn, for the
broker to come back, or for the end of a rest; the sweep sends whose turn it is.
"""

from datetime import datetime
from typing import cast

import structlog
from django.db.models import Max, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from assessments.models import Grading
from assessments.services.jobs import (
    LEASE,
    MAX_DELIVERIES,
    UNSTARTED,
    exercise_of,
    ids_of,
    new_token,
    waiting_messages,
)
from assessments.services.outcomes import finish, still_at
from assessments.services.queue import send_waiting
from grader.contract import Device, Failure, Verdict

log = structlog.get_logger(__name__)

_UNAVAILABLE = (
    "Our fault, not yours: this submission could not be graded. Submitting it again costs nothing."
)


def recover(now: datetime | None = None) -> int:
    """Take back what has lost its lease and send whose turn it is; return how many were sent.

    After ``MAX_DELIVERIES`` a job is done as unavailable. While the broker is away nothing happens:
    nobody could take a job then.
    """
    now = now or timezone.now()
    unfinished = Grading.objects.exclude(state=Grading.State.DONE)
    devices = list(unfinished.order_by().values_list("device", flat=True).distinct())
    try:
        for device in devices:
            if waiting_messages(cast(Device, device)):
                _vouch_for_queue(device, now)
    except (OperationalError, OSError) as fault:
        log.warning("broker_away", fault=str(fault))
        return 0
    silent = unfinished.filter(dispatched_at__isnull=False, lease_until__lte=now)
    for grading in silent.select_related("submission__attempt__version"):
        _give_up_on_delivery(grading, now)
    return sum(send_waiting(device, now) for device in devices)


def _vouch_for_queue(device: str, now: datetime) -> None:
    """Renew the lease of all that may wait in the broker's queue.

    The queue is first in, first out: a job whose successors have started is not in it any more. A
    lease's length of difference forgives web processes that sent at almost the same time.
    """
    here = Grading.objects.filter(device=device, dispatched_at__isnull=False)
    overtaken = here.filter(started_at__isnull=False).aggregate(at=Max("dispatched_at"))["at"]
    waiting = here.filter(state=Grading.State.QUEUED)
    if overtaken:
        waiting = waiting.filter(dispatched_at__gt=overtaken - LEASE)
    waiting.update(lease_until=now + LEASE)


def _give_up_on_delivery(grading: Grading, now: datetime) -> None:
    """Let a job that has fallen silent wait for its turn again, or end as unavailable."""
    if grading.deliveries >= MAX_DELIVERIES:
        log.error("given_up", **ids_of(grading), deliveries=grading.deliveries)
        finish(grading, _unavailable(grading), now)
        return
    # Renewed or taken since it was read: then the row has another lease or another token.
    silent = still_at(grading).filter(Q(lease_until__lte=now))
    token_digest = new_token()[1]
    if silent.update(**UNSTARTED, token_digest=token_digest, dispatched_at=None, lease_until=now):
        log.info("fell_silent", **ids_of(grading), deliveries=grading.deliveries)


def _unavailable(grading: Grading) -> Verdict:
    return Verdict(
        exercise=exercise_of(grading).slug,
        passed=False,
        failure=Failure.UNAVAILABLE,
        message=_UNAVAILABLE,
        device=cast(Device, grading.device),
        seconds=0.0,
    )

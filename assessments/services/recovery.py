"""What is done about gradings that fall silent.

A grading that is not done always has a lease, and one sweep sends again whatever let its lease run
out:

- while the broker's queue holds jobs, the queue vouches for those that wait in it;
- while a worker judges, each of its stage messages vouches for its job;
- a job that never reached the broker, or waits after a failure of ours, has nobody to vouch for it
  and is sent when its lease ends.
"""

import functools
from datetime import datetime
from typing import cast

import structlog
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from assessments.models import Grading
from assessments.services.gradings import finish, still_at
from assessments.services.jobs import (
    LEASE,
    MAX_DELIVERIES,
    dispatch,
    exercise_of,
    new_token,
    waiting_messages,
)
from grader.contract import Device, Failure, Verdict

log = structlog.get_logger(__name__)

_UNAVAILABLE = (
    "Our fault, not yours: this submission could not be graded. Submitting it again costs nothing."
)


def recover(now: datetime | None = None) -> int:
    """Send again what has lost its lease; return how many jobs were.

    After ``MAX_DELIVERIES`` a job is done as unavailable. While the broker is away nothing happens:
    nobody could take a job then.
    """
    now = now or timezone.now()
    unfinished = Grading.objects.exclude(state=Grading.State.DONE)
    try:
        for device in unfinished.order_by().values_list("device", flat=True).distinct():
            if waiting_messages(cast(Device, device)):
                _vouch_for_queue(device, now)
    except (OperationalError, OSError) as fault:
        log.warning("broker_away", fault=str(fault))
        return 0
    silent = unfinished.filter(lease_until__lte=now).select_related("submission__attempt__version")
    return sum(_send_again(grading, now) for grading in silent)


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


def _send_again(grading: Grading, now: datetime) -> bool:
    if grading.deliveries >= MAX_DELIVERIES:
        log.error("given_up", grading=grading.pk, deliveries=grading.deliveries)
        finish(grading, _unavailable(grading), now)
        return False
    token, digest = new_token()
    with transaction.atomic():
        # Renewed or taken since it was read: then the row has another lease or another token.
        updated = (
            still_at(grading)
            .filter(Q(lease_until__lte=now))
            .update(
                state=Grading.State.QUEUED,
                stage="",
                stage_done=None,
                stage_total=None,
                token_digest=digest,
                deliveries=F("deliveries") + 1,
                dispatched_at=None,
                started_at=None,
                lease_until=now + LEASE,
            )
        )
        if updated:
            log.info("sent_again", grading=grading.pk, deliveries=grading.deliveries + 1)
            transaction.on_commit(functools.partial(dispatch, grading, token))
    return bool(updated)


def _unavailable(grading: Grading) -> Verdict:
    return Verdict(
        exercise=exercise_of(grading).slug,
        passed=False,
        failure=Failure.UNAVAILABLE,
        message=_UNAVAILABLE,
        device=cast(Device, grading.device),
        seconds=0.0,
    )

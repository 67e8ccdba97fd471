"""The way to the broker: the database is the queue, and the broker holds only what comes next.

Whoever decides what to send holds the device's ``Lane``, so that two processes that decide at once
decide one after the other. What they decided is in the database before anything is sent: a process
that dies in between leaves a job that nobody vouches for, and ``recover`` sends it again.
"""

import functools
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from assessments.models import Grading, Lane
from assessments.services.fairness import Desk, Job
from assessments.services.jobs import LEASE, new_token, send_claimed
from assessments.services.workers import workers_there

_AT_A_TIME = 50


def waiting(device: str, now: datetime) -> QuerySet[Grading]:
    """Return what waits in the database for its turn on a device, those at rest left out."""
    queued = Grading.objects.filter(device=device, state=Grading.State.QUEUED)
    return queued.filter(dispatched_at=None, lease_until__lte=now)


def send_waiting(device: str, now: datetime | None = None) -> int:
    """Send whose turn it is; return how many jobs were. Safe at any time, from any process."""
    now = now or timezone.now()
    if not waiting(device, now).exists():
        return 0
    with transaction.atomic():
        Lane.objects.get_or_create(device=device)
        Lane.objects.select_for_update().get(device=device)
        claims = list(islice(_claims(_desk(device, now), now), _AT_A_TIME))
        transaction.on_commit(functools.partial(send_claimed, claims))
    return len(claims)


def send_waiting_after_commit(device: str) -> None:
    """Send whose turn it is once what the present transaction changes is safely kept."""
    transaction.on_commit(functools.partial(send_waiting, device))


def job_of(row: Mapping[str, Any]) -> Job:
    """Return a grading's values as a job in line."""
    later = row["kind"] != Grading.Kind.LIVE
    return Job(row["pk"], row["submission__attempt__learner"], later)


JOB = ("pk", "submission__attempt__learner", "kind")
"""The values that ``job_of`` needs."""


def _desk(device: str, now: datetime) -> Desk:
    sent = Grading.objects.filter(device=device, dispatched_at__isnull=False)
    queued = sent.filter(state=Grading.State.QUEUED)
    running = sent.filter(state=Grading.State.RUNNING)
    return Desk(
        _jobs(waiting(device, now)), _jobs(queued), _jobs(running), workers_there(device, now)
    )


def _jobs(rows: QuerySet[Grading]) -> list[Job]:
    return [job_of(row) for row in rows.values(*JOB)]


def _claims(desk: Desk, now: datetime) -> Iterator[tuple[int, str]]:
    """Give each job whose turn it is its token; nobody else can, as long as the lane is held."""
    while job := desk.send():
        token, digest = new_token()
        rows = Grading.objects.filter(pk=job.pk, state=Grading.State.QUEUED, dispatched_at=None)
        updated = rows.update(
            token_digest=digest,
            deliveries=F("deliveries") + 1,
            dispatched_at=now,
            lease_until=now + LEASE,
        )
        if updated:
            yield job.pk, token

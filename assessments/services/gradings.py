"""What the grading machines report of a job.

A grading is queued, then running, then done. Whoever reports shows the token of the job's present
delivery; a report without it changes nothing.
"""

import hmac
from datetime import datetime
from typing import TypeVar

import structlog
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from pydantic import ValidationError

from assessments.models import Grading
from assessments.services.jobs import (
    LEASE,
    MAX_DELIVERIES,
    exercise_of,
    new_token,
    retry_delay,
    token_digest,
)
from assessments.services.plain import storable
from grader.contract import Failure, StageMessage, Verdict, VerdictMessage

log = structlog.get_logger(__name__)

_LARGEST_COUNT = 1_000_000
_LONGEST_JOB = 18

Message = TypeVar("Message", StageMessage, VerdictMessage)


def record_stage(payload: str) -> bool:
    """Note where a job stands and renew its lease; return whether the message counted."""
    message = _parse(StageMessage, payload)
    grading = message and _addressed(message)
    if not message or not grading:
        return False
    now = timezone.now()
    updated = still_at(grading).update(
        state=Grading.State.RUNNING,
        stage=message.stage,
        stage_done=_count(message.done),
        stage_total=_count(message.total),
        started_at=Coalesce(F("started_at"), Value(now)),
        lease_until=now + LEASE,
    )
    return bool(updated)


def record_verdict(payload: str) -> bool:
    """Record a verdict, once however often it arrives; return whether this message counted.

    A failure of ours is not told at first: the job is put back, to be sent again a little later.
    """
    message = _parse(VerdictMessage, payload)
    grading = message and _addressed(message)
    if not message or not grading:
        return False
    if message.verdict.exercise != exercise_of(grading).slug:
        log.warning("verdict_for_another_exercise", grading=grading.pk)
        return False
    now = timezone.now()
    ours = message.verdict.failure is Failure.UNAVAILABLE
    if ours and grading.deliveries < MAX_DELIVERIES:
        return _put_back(grading, now)
    return finish(grading, message.verdict, now)


def queue_position(grading: Grading) -> int | None:
    """Return a waiting grading's place in its device's queue, from 1; None once it has started."""
    if grading.state != Grading.State.QUEUED:
        return None
    sent = Q(dispatched_at__isnull=False)
    if grading.dispatched_at is None:
        ahead = sent | Q(dispatched_at__isnull=True, pk__lt=grading.pk)
    else:
        ahead = sent & Q(dispatched_at__lt=grading.dispatched_at)
    waiting = Grading.objects.filter(device=grading.device, state=Grading.State.QUEUED)
    return waiting.filter(ahead).exclude(pk=grading.pk).count() + 1


def still_at(grading: Grading) -> QuerySet[Grading]:
    """Return the row if it is still unfinished and at the same delivery; each update starts here.

    An update of no row means that somebody else was there first, and is not an error.
    """
    same = Grading.objects.filter(pk=grading.pk, token_digest=grading.token_digest)
    return same.exclude(state=Grading.State.DONE)


def finish(grading: Grading, verdict: Verdict, now: datetime) -> bool:
    """Record a verdict unless there is one; return whether this one was recorded."""
    updated = still_at(grading).update(
        state=Grading.State.DONE,
        verdict=storable(verdict.model_dump(mode="json")),
        failure=verdict.failure or "",
        passed=verdict.passed,
        finished_at=now,
    )
    return bool(updated)


def _put_back(grading: Grading, now: datetime) -> bool:
    """Have a job wait, with nobody holding a token for it, until ``recover`` sends it again."""
    log.warning("unavailable", grading=grading.pk, deliveries=grading.deliveries)
    updated = still_at(grading).update(
        state=Grading.State.QUEUED,
        stage="",
        stage_done=None,
        stage_total=None,
        token_digest=new_token()[1],
        dispatched_at=None,
        started_at=None,
        lease_until=now + retry_delay(grading.deliveries),
    )
    return bool(updated)


def _parse(kind: type[Message], payload: object) -> Message | None:
    try:
        return kind.model_validate_json(payload if isinstance(payload, str) else "")
    except ValidationError as fault:
        log.warning("malformed_message", kind=kind.__name__, errors=fault.error_count())
        return None


def _addressed(message: StageMessage | VerdictMessage) -> Grading | None:
    """Return the unfinished grading that the message proves to answer."""
    job = message.job
    known = job.isascii() and job.isdigit() and len(job) <= _LONGEST_JOB
    related = Grading.objects.select_related("submission__attempt__version")
    grading = related.filter(pk=int(job)).first() if known else None
    if grading is None:
        log.warning("unknown_job")
        return None
    genuine = hmac.compare_digest(grading.token_digest, token_digest(message.token))
    if grading.is_done or not genuine:
        log.info("stale_message", grading=grading.pk, genuine=genuine)
        return None
    return grading


def _count(number: int | None) -> int | None:
    return number if number is None else min(number, _LARGEST_COUNT)

"""What the grading machines report of a job.

A grading is queued, then running, then done. Whoever reports shows the token of the job's present
delivery; a report without it changes nothing.
"""

import functools
import hmac
from datetime import datetime
from typing import TypeVar

import structlog
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from pydantic import ValidationError

from assessments.models import Grading
from assessments.services.jobs import (
    LEASE,
    MAX_DELIVERIES,
    UNSTARTED,
    exercise_of,
    ids_of,
    new_token,
    retry_delay,
    send_claimed,
    token_digest,
)
from assessments.services.outcomes import finish, still_at
from assessments.services.queue import send_waiting_after_commit
from assessments.services.workers import note_worker
from grader import trace
from grader.contract import Failure, HandOnMessage, StageMessage, VerdictMessage

log = structlog.get_logger(__name__)

_LARGEST_COUNT = 1_000_000
_LONGEST_JOB = 18
# A worker judges what has been handed on three times; whoever goes on and on is broken.
_MAX_HAND_ONS = 10

Message = TypeVar("Message", StageMessage, VerdictMessage, HandOnMessage)


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
    if updated:
        if grading.stage != message.stage:
            log.info("stage", stage=message.stage, worker=message.worker)
        note_worker(message.worker, grading.device, now)
    return bool(updated)


def record_hand_on(payload: str) -> bool:
    """Send a job at once to another worker, or the same one later; return whether that was so.

    This is no failure and no delivery: the worker's machine was too noisy, and says so.
    """
    message = _parse(HandOnMessage, payload)
    grading = message and _addressed(message)
    if not message or not grading:
        return False
    now = timezone.now()
    note_worker(message.worker, grading.device, now)
    log.warning(
        "handed_on", worker=message.worker, reason=message.reason, times=grading.handed_on + 1
    )
    if grading.handed_on >= _MAX_HAND_ONS:
        return _put_back(grading, now)
    token, digest = new_token()
    with transaction.atomic():
        updated = still_at(grading).update(
            **UNSTARTED,
            token_digest=digest,
            handed_on=F("handed_on") + 1,
            dispatched_at=now,
            lease_until=now + LEASE,
        )
        if updated:
            transaction.on_commit(functools.partial(send_claimed, [(grading.pk, token)]))
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
        log.warning("verdict_for_another_exercise")
        return False
    now = timezone.now()
    ours = message.verdict.failure is Failure.UNAVAILABLE
    if ours and grading.deliveries < MAX_DELIVERIES:
        return _put_back(grading, now)
    return finish(grading, message.verdict, now)


def _put_back(grading: Grading, now: datetime) -> bool:
    """Have a job wait, with nobody holding a token for it, until ``recover`` sends it again."""
    log.warning("unavailable", deliveries=grading.deliveries)
    with transaction.atomic():
        updated = still_at(grading).update(
            **UNSTARTED,
            token_digest=new_token()[1],
            dispatched_at=None,
            lease_until=now + retry_delay(grading.deliveries),
        )
        if updated:
            send_waiting_after_commit(grading.device)
    return bool(updated)


def _parse(kind: type[Message], payload: object) -> Message | None:
    try:
        return kind.model_validate_json(payload if isinstance(payload, str) else "")
    except ValidationError as fault:
        log.warning("malformed_message", kind=kind.__name__, errors=fault.error_count())
        return None


def _addressed(message: StageMessage | VerdictMessage | HandOnMessage) -> Grading | None:
    """Return the unfinished grading that the message proves to answer."""
    job = message.job
    known = job.isascii() and job.isdigit() and len(job) <= _LONGEST_JOB
    related = Grading.objects.select_related("submission__attempt__version")
    grading = related.filter(pk=int(job)).first() if known else None
    if grading is None:
        log.warning("unknown_job")
        return None
    trace.name(**ids_of(grading))
    genuine = hmac.compare_digest(grading.token_digest, token_digest(message.token))
    if grading.is_done or not genuine:
        log.info("stale_message", genuine=genuine)
        return None
    return grading


def _count(number: int | None) -> int | None:
    return number if number is None else min(number, _LARGEST_COUNT)

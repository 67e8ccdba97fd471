"""Grading jobs on their way out: what they say, and how they reach the broker."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone
from kombu.exceptions import ChannelError, OperationalError

from assessments.models import Attempt, Grading
from grader import trace
from grader.contract import Device, Exercise, GradingJob
from grader.dispatch import grading_queue, send_job
from question_bank.digests import digest_of
from question_bank.kinds import CodePage
from question_bank.variants import variant_of

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=15)
"""How long a job goes on without a sign of life before it is sent again."""

MAX_DELIVERIES = 4
"""How often a job is sent before it is reported as unavailable."""


UNSTARTED: dict[str, Any] = {
    "state": Grading.State.QUEUED,
    "stage": "",
    "stage_done": None,
    "stage_total": None,
    "started_at": None,
}
"""The columns of a grading that no worker has begun to judge."""


def retry_delay(deliveries: int) -> timedelta:
    """Return how long a job rests after our failure at its n-th delivery: 5, 10, 20 seconds."""
    return timedelta(seconds=5 * 2 ** (max(deliveries, 1) - 1))


def grader_digest(exercise: Exercise) -> str:
    """Return the SHA-256 of what decides a verdict beside the source: exercise and contract."""
    contract = GradingJob.model_fields["version"].default
    return digest_of([contract, exercise.model_dump(mode="json")])


def new_token() -> tuple[str, str]:
    """Return a job's one-time token and the digest by which it is known again."""
    token = secrets.token_urlsafe(32)
    return token, token_digest(token)


def token_digest(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def device_for(attempt: Attempt) -> Device:
    """Return what an attempt's code is graded on: the site's device, where the exercise allows."""
    able = pinned_exercise(attempt).devices
    return next((device for device in able if device == settings.GRADING_DEVICE), able[0])


def exercise_of(grading: Grading) -> Exercise:
    """Return the declaration that the grading's attempt is pinned to."""
    return pinned_exercise(grading.submission.attempt)


def pinned_exercise(attempt: Attempt) -> Exercise:
    """Return the declaration that an attempt is pinned to."""
    page = variant_of(attempt.version, attempt.seed).page
    assert isinstance(page, CodePage)
    return page.exercise


def send_claimed(claims: Sequence[tuple[int, str]]) -> None:
    """Hand jobs, each a grading's key and its new token, to the broker.

    A broker that is away loses nothing: they wait in the database again, and ``recover`` sends
    them later.
    """
    for place, (pk, token) in enumerate(claims):
        grading = of_claim(pk, token).select_related("submission__attempt__version").first()
        if grading is None:
            continue
        try:
            with trace.about(**ids_of(grading)):
                send_job(current_app, job_for(grading, token))
                log.info("job_sent", device=grading.device, delivery=grading.deliveries)
        except (OperationalError, OSError) as fault:
            log.warning("broker_away", job=pk, fault=str(fault))
            # The others would wait for the same broker, and a page may be waiting for them.
            for unsent in claims[place:]:
                of_claim(*unsent).update(
                    dispatched_at=None, lease_until=timezone.now(), deliveries=F("deliveries") - 1
                )
            return


def of_claim(pk: int, token: str) -> QuerySet[Grading]:
    """Return the grading if it still waits under this token."""
    queued = Grading.objects.filter(pk=pk, state=Grading.State.QUEUED)
    return queued.filter(token_digest=token_digest(token))


def ids_of(grading: Grading) -> dict[str, str]:
    """Return the ids by which logs tell a grading's story."""
    return {
        "request_id": grading.request_id,
        "submission": str(grading.submission_id),
        "job": str(grading.pk),
    }


def job_for(grading: Grading, token: str) -> GradingJob:
    """Return the message that asks a grading machine to judge this."""
    return GradingJob(
        job=str(grading.pk),
        token=token,
        source_base64=base64.b64encode(grading.submission.source).decode("ascii"),
        exercise=exercise_of(grading),
        device=grading.device,  # type: ignore[arg-type] # the model's choices are the contract's
        handed_on=grading.handed_on,
    )


def waiting_messages(device: Device) -> int:
    """Return how many jobs wait in the broker; raises kombu's ``OperationalError``."""
    queue = grading_queue(device)
    with current_app.pool.acquire(block=True) as connection:
        connection.ensure_connection(max_retries=1)
        try:
            return int(connection.default_channel.queue_declare(queue, passive=True).message_count)
        except ChannelError:
            # Redis has no empty lists: a queue without messages is one that is not there.
            return 0

"""Grading jobs on their way out: what they say, and how they reach the broker."""

import base64
import hashlib
import secrets
from datetime import timedelta

import structlog
from celery import current_app
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import ChannelError, OperationalError

from assessments.models import Grading
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


def retry_delay(deliveries: int) -> timedelta:
    """Return how long a job rests after our failure at its n-th delivery: 5, 10, 20 seconds."""
    return timedelta(seconds=5 * 2 ** (deliveries - 1))


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


def exercise_of(grading: Grading) -> Exercise:
    """Return the declaration that the grading's attempt is pinned to."""
    attempt = grading.submission.attempt
    page = variant_of(attempt.version, attempt.seed).page
    assert isinstance(page, CodePage)
    return page.exercise


def dispatch(grading: Grading, token: str) -> None:
    """Hand the job to the broker, and note that it is there.

    A broker that is away loses nothing: the job stays queued, and ``recover`` sends it later.
    """
    job = GradingJob(
        job=str(grading.pk),
        token=token,
        source_base64=base64.b64encode(grading.submission.source).decode("ascii"),
        exercise=exercise_of(grading),
        device=grading.device,  # type: ignore[arg-type] # the model's choices are the contract's
    )
    # A fast worker may have reported before this line: then the lease is its own.
    waiting = Grading.objects.filter(
        pk=grading.pk, token_digest=token_digest(token), state=Grading.State.QUEUED
    )
    try:
        send_job(current_app, job)
    except (OperationalError, OSError) as fault:
        log.warning("broker_away", grading=grading.pk, fault=str(fault))
        waiting.update(lease_until=timezone.now(), deliveries=F("deliveries") - 1)
        return
    now = timezone.now()
    waiting.update(dispatched_at=now, lease_until=now + LEASE)


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

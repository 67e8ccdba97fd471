"""How a grading ends, and which of a submission's gradings counts.

A verdict is recorded once and never overwritten. What was too noisy to decide is judged again as a
new grading, after a rest and a few times at most; then it stays undecided.
"""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from assessments.models import Grading, Submission
from assessments.services.jobs import ids_of, new_token
from assessments.services.plain import storable
from assessments.services.queue import send_waiting_after_commit
from grader.contract import Failure, Verdict

log = structlog.get_logger(__name__)

UNDECIDED = {Failure.UNAVAILABLE, Failure.INCONCLUSIVE}
"""What is neither passed nor failed, and costs nobody anything."""


def still_at(grading: Grading) -> QuerySet[Grading]:
    """Return the row if it is still unfinished and at the same delivery; each update starts here.

    An update of no row means that somebody else was there first, and is not an error.
    """
    same = Grading.objects.filter(pk=grading.pk, token_digest=grading.token_digest)
    return same.exclude(state=Grading.State.DONE)


def finish(grading: Grading, verdict: Verdict, now: datetime) -> bool:
    """Record a verdict unless there is one; return whether this one was recorded."""
    with transaction.atomic():
        lock_submission(grading)
        updated = still_at(grading).update(
            state=Grading.State.DONE,
            verdict=storable(verdict.model_dump(mode="json")),
            failure=verdict.failure or "",
            passed=None if verdict.failure in UNDECIDED else verdict.passed,
            held=storable(verdict.held),
            spent=_spent(verdict),
            finished_at=now,
        )
        if not updated:
            return False
        grading.refresh_from_db()
        if verdict.failure is Failure.INCONCLUSIVE and not verdict.held:
            _measure_again(grading, now)
        elif grading.passed is not None:
            make_count(grading)
        send_waiting_after_commit(grading.device)
    log.info("recorded", **ids_of(grading), failure=grading.failure, held=bool(grading.held))
    return True


def _spent(verdict: Verdict) -> dict[str, float]:
    """Return what a judging took, under the names that are known."""
    accounts = verdict.evidence.stage_seconds
    told = {"judging": verdict.seconds, "device": accounts.get("waiting", 0.0)} | accounts
    return {name: told[name] for name in Grading.SPENT if name in told and 0 <= told[name] < 1e6}


def make_count(grading: Grading) -> None:
    """Let a grading be the one that counts; its submission is locked by the caller."""
    if not grading.counts:
        Grading.objects.filter(submission=grading.submission_id).update(counts=False)
        Grading.objects.filter(pk=grading.pk).update(counts=True)


def lock_submission(grading: Grading) -> None:
    """Let nobody else change which grading of the submission counts, until the commit."""
    Submission.objects.select_for_update().only("pk").get(pk=grading.submission_id)


def _measure_again(grading: Grading, now: datetime) -> None:
    """Have the submission judged once more after a rest, unless that has been done often enough."""
    rests: list[int] = settings.INCONCLUSIVE_RETRY_SECONDS
    if grading.retry >= len(rests):
        log.info("stays_inconclusive", **ids_of(grading), retries=grading.retry)
        return
    Grading.objects.filter(pk=grading.pk).update(counts=False)
    again = Grading.objects.create(
        submission_id=grading.submission_id,
        device=grading.device,
        kind=grading.kind,
        retry=grading.retry + 1,
        counts=grading.counts,
        token_digest=new_token()[1],
        request_id=grading.request_id,
        lease_until=now + timedelta(seconds=rests[grading.retry]),
        created_at=now,
    )
    log.info("measured_again", **ids_of(grading), successor=again.pk, retry=again.retry)

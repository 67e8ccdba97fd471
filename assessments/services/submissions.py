"""Code on its way in."""

import functools
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from assessments.models import Attempt, Grading, Submission, User
from assessments.services.jobs import LEASE, dispatch, new_token
from grader.contract import MAX_SOURCE_BYTES, source_fault

_MINUTE = timedelta(minutes=1)
_A_VERDICT_TAKES = timedelta(seconds=20)


class SourceTooLargeError(ValueError):
    """The file is beyond what a submission may hold; its text is for the learner."""


class TooManySubmissionsError(Exception):
    """The learner has to wait about ``seconds``; its text is for the learner. Nothing was kept."""

    def __init__(self, reason: str, wait: timedelta) -> None:
        self.seconds = max(1, round(wait.total_seconds()))
        super().__init__(
            f"{reason} This one was not sent. Submit it again in about {self.seconds} s."
        )


def submit_code(learner: User, attempt: Attempt, raw: bytes) -> Submission:
    """Keep a submission and send it to be graded once it is safely kept.

    Raises ``SourceTooLargeError``, ``TooManySubmissionsError``, and ``PermissionError`` where the
    attempt is somebody else's. A broker that is away is no error: the submission waits for it.
    """
    if attempt.learner_id != learner.pk:
        raise PermissionError(f"{attempt} is not {learner}'s")
    if len(raw) > MAX_SOURCE_BYTES:
        raise SourceTooLargeError(source_fault(raw))
    now = timezone.now()
    token, digest = new_token()
    with transaction.atomic():
        # One submission of a learner at a time gets past here, so the limits hold.
        User.objects.select_for_update().get(pk=learner.pk)
        _check_limits(learner, now)
        submission = Submission.objects.create(
            attempt=attempt,
            number=attempt.submissions.count() + 1,
            source=raw,
            submitted_at=now,
        )
        grading = Grading.objects.create(
            submission=submission,
            device=settings.GRADING_DEVICE,
            token_digest=digest,
            deliveries=1,
            lease_until=now + LEASE,
            created_at=now,
        )
        transaction.on_commit(functools.partial(dispatch, grading, token))
    return submission


def _check_limits(learner: User, now: datetime) -> None:
    mine = Submission.objects.filter(attempt__learner=learner)
    open_gradings = Grading.objects.filter(submission__attempt__learner=learner).exclude(
        state=Grading.State.DONE
    )
    unfinished = open_gradings.count()
    if unfinished >= settings.SUBMISSIONS_UNFINISHED:
        raise TooManySubmissionsError(
            f"{unfinished} of your submissions are still being graded.", _A_VERDICT_TAKES
        )
    recent = mine.filter(submitted_at__gt=now - _MINUTE).order_by("-submitted_at")
    times = list(recent.values_list("submitted_at", flat=True)[: settings.SUBMISSIONS_PER_MINUTE])
    if len(times) >= settings.SUBMISSIONS_PER_MINUTE:
        raise TooManySubmissionsError(
            f"You have submitted {len(times)} times within a minute.", times[-1] + _MINUTE - now
        )

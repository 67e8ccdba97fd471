"""Code on its way in."""

import functools
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Attempt, Grading, Sitting, Submission, User
from assessments.services.jobs import device_for, ids_of, new_token
from assessments.services.outcomes import UNDECIDED
from assessments.services.queue import send_waiting_after_commit
from assessments.services.sameness import code_digest
from assessments.timing import is_going_on
from grader.contract import MAX_SOURCE_BYTES, Device, Failure, source_fault

log = structlog.get_logger(__name__)

_MINUTE = timedelta(minutes=1)
_A_VERDICT_TAKES = timedelta(seconds=20)


class SourceTooLargeError(ValueError):
    """The file is beyond what a submission may hold; its text is for the learner."""


class TooManySubmissionsError(Exception):
    """The learner has to wait about ``seconds``; its text is for the learner. Nothing was kept."""

    def __init__(self, reason: str, wait: timedelta) -> None:
        self.seconds = max(1, round(wait.total_seconds()))
        super().__init__(
            _("%(reason)s This one was not sent. Submit it again in about %(seconds)s s.")
            % {"reason": reason, "seconds": self.seconds}
        )


class SittingOverError(Exception):
    """The sitting has ended; the text is for the learner. Nothing was sent."""


class SubmittedBeforeError(Exception):
    """The learner has submitted the same code before, as ``submission``. Nothing was kept.

    Its verdict stands, or is on its way: nobody draws the noise of a timing anew by sending the
    same code again.
    """

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        super().__init__(_("The same code as %(submission)s") % {"submission": submission})


def submit_code(learner: User, attempt: Attempt, raw: bytes) -> Submission:
    """Keep a submission and send it to be graded once it is safely kept.

    Raises ``SourceTooLargeError``, ``TooManySubmissionsError``, ``SubmittedBeforeError``,
    ``SittingOverError`` where the attempt's sitting has ended, and ``PermissionError`` where the
    attempt is somebody else's. A broker that is away is no error: the submission waits for it.
    """
    if attempt.learner_id != learner.pk:
        raise PermissionError(f"{attempt} is not {learner}'s")
    if len(raw) > MAX_SOURCE_BYTES:
        raise SourceTooLargeError(source_fault(raw))
    now = timezone.now()
    digest, device = code_digest(raw), device_for(attempt)
    with transaction.atomic():
        # One submission of a learner at a time gets past here, so the limits hold.
        User.objects.select_for_update().get(pk=learner.pk)
        _check_sitting(attempt, now)
        earlier = _same_code(attempt, digest, device)
        _check_new(earlier)
        _check_limits(learner, now)
        # What was measured in vain before counts: the same code shares one cap.
        retry = earlier.filter(failure=Failure.INCONCLUSIVE, held="").count()
        return _keep(attempt, raw, now, digest=digest, device=device, retry=retry)


def submit_draft(attempt: Attempt, raw: bytes, now: datetime) -> Submission:
    """Keep what a learner never submitted as if they had, at the end of its sitting.

    No limit refuses it. The caller holds the sitting's lock. Raises ``SourceTooLargeError``.
    """
    if len(raw) > MAX_SOURCE_BYTES:
        raise SourceTooLargeError(source_fault(raw))
    device = device_for(attempt)
    return _keep(attempt, raw, now, digest=code_digest(raw), device=device, retry=0)


def _keep(
    attempt: Attempt, raw: bytes, now: datetime, *, digest: str, device: Device, retry: int
) -> Submission:
    submission = Submission.objects.create(
        attempt=attempt,
        number=attempt.submissions.count() + 1,
        source=raw,
        code_digest=digest,
        submitted_at=now,
    )
    grading = Grading.objects.create(
        submission=submission,
        device=device,
        retry=retry,
        token_digest=new_token()[1],
        lease_until=now,
        created_at=now,
    )
    told = functools.partial(log.info, "submitted", **ids_of(grading), device=device)
    transaction.on_commit(told)
    send_waiting_after_commit(device)
    return submission


def _check_sitting(attempt: Attempt, now: datetime) -> None:
    """Refuse what comes after the end of the attempt's sitting, and keep that from ending now."""
    if attempt.sitting_id is None:
        return
    sitting = Sitting.objects.select_for_update().get(pk=attempt.sitting_id)
    if not is_going_on(sitting, now):
        raise SittingOverError(
            _("The time is over: this was not submitted. What you submitted before counts.")
        )


def _same_code(attempt: Attempt, digest: str, device: Device) -> QuerySet[Grading]:
    """Return how the same code of the same learner was graded before, by the same standards.

    What is submitted in a sitting is compared with that sitting only: it needs a verdict there.
    """
    return Grading.objects.filter(
        kind=Grading.Kind.LIVE,
        device=device,
        submission__code_digest=digest,
        submission__attempt__learner=attempt.learner_id,
        submission__attempt__purpose=attempt.purpose,
        submission__attempt__sitting=attempt.sitting_id,
        submission__attempt__version=attempt.version_id,
        submission__attempt__grader_digest=attempt.grader_digest,
    )


def _check_new(earlier: QuerySet[Grading]) -> None:
    """Let the same code through only where all that came of it is that we could not grade it."""
    standing = Grading.objects.filter(counts=True, submission__in=earlier.values("submission"))
    standing = standing.exclude(failure=Failure.UNAVAILABLE)
    found = standing.select_related("submission__attempt").order_by("-pk").first()
    if found is not None:
        raise SubmittedBeforeError(found.submission)


def _check_limits(learner: User, now: datetime) -> None:
    mine = Grading.objects.filter(submission__attempt__learner=learner, kind=Grading.Kind.LIVE)
    # What is measured again by itself is not the learner's doing.
    unfinished = mine.filter(retry=0).exclude(state=Grading.State.DONE).count()
    if unfinished >= settings.SUBMISSIONS_UNFINISHED:
        raise TooManySubmissionsError(
            ngettext(
                "%(number)s of your submissions is still being graded.",
                "%(number)s of your submissions are still being graded.",
                unfinished,
            )
            % {"number": unfinished},
            _A_VERDICT_TAKES,
        )
    costing = mine.filter(counts=True).exclude(failure__in=UNDECIDED)
    recent = costing.filter(submission__submitted_at__gt=now - _MINUTE)
    moments = recent.order_by("-submission__submitted_at").values_list(
        "submission__submitted_at", flat=True
    )
    times = list(moments[: settings.SUBMISSIONS_PER_MINUTE])
    if len(times) >= settings.SUBMISSIONS_PER_MINUTE:
        raise TooManySubmissionsError(
            ngettext(
                "You have submitted %(number)s time within a minute.",
                "You have submitted %(number)s times within a minute.",
                len(times),
            )
            % {"number": len(times)},
            times[-1] + _MINUTE - now,
        )

"""Grading something once more, and taking that back.

A regrade is a grading of its own that waits until no learner does. It counts once it has decided;
the earlier verdicts stay, and each of them can be made the one that counts again.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Grading, Submission
from assessments.services.jobs import device_for, new_token
from assessments.services.outcomes import make_count
from assessments.services.queue import send_waiting_after_commit


class NotNowError(Exception):
    """What was asked for cannot be done as things stand; its text says why."""


def regrade(submission: Submission) -> Grading:
    """Have a submission graded again; return the new grading, which does not count yet.

    Raises ``NotNowError`` while it is being graded.
    """
    now = timezone.now()
    with transaction.atomic():
        Submission.objects.select_for_update().only("pk").get(pk=submission.pk)
        unfinished = Grading.objects.filter(submission=submission).exclude(state=Grading.State.DONE)
        if unfinished.exists():
            raise NotNowError(
                _("%(submission)s is still being graded") % {"submission": submission}
            )
        grading = Grading.objects.create(
            submission=submission,
            device=device_for(submission.attempt),
            kind=Grading.Kind.REGRADE,
            counts=False,
            token_digest=new_token()[1],
            lease_until=now,
            created_at=now,
        )
        send_waiting_after_commit(grading.device)
    return grading


def let_count(grading: Grading) -> None:
    """Make a grading that is done the one that counts for its submission.

    Raises ``NotNowError`` where it or the one that counts now is not done.
    """
    with transaction.atomic():
        Submission.objects.select_for_update().only("pk").get(pk=grading.submission_id)
        present = Grading.objects.get(submission=grading.submission_id, counts=True)
        grading.refresh_from_db()
        if not (grading.is_done and present.is_done):
            raise NotNowError(
                _("%(submission)s is still being graded") % {"submission": grading.submission}
            )
        make_count(grading)

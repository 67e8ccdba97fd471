"""What a person decides about a grading that was held.

The verdict stays as it came; the review stands beside it, says who decided and when, and decides
whether the grading counts as passed. It is taken back by undoing it, never by deleting it.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Grading, Review, User
from assessments.services.outcomes import lock_submission, make_count
from assessments.services.regrades import NotNowError


class ReasonMissingError(ValueError):
    """Nobody is rejected without being told why."""


def review(grading: Grading, reviewer: User, *, accepted: bool, reason: str = "") -> Review:
    """Decide about a held grading.

    Raises ``ReasonMissingError`` for a rejection without a reason, and ``NotNowError`` where the
    grading is not held or somebody has decided already.
    """
    reason = reason.strip()
    if not accepted and not reason:
        raise ReasonMissingError(_("Say why it is rejected; the learner reads it."))
    now = timezone.now()
    with transaction.atomic():
        lock_submission(grading)
        grading.refresh_from_db()
        if not grading.held:
            raise NotNowError(_("%(grading)s is not held for review.") % {"grading": grading})
        if standing_review(grading):
            raise NotNowError(_("Somebody has decided already; undo that first."))
        decided = Review.objects.create(
            grading=grading, reviewer=reviewer, accepted=accepted, reason=reason, reviewed_at=now
        )
        Grading.objects.filter(pk=grading.pk).update(passed=accepted)
        if grading.kind == Grading.Kind.REGRADE:
            make_count(grading)
    return decided


def undo_review(grading: Grading, user: User) -> None:
    """Take a decision back: the grading is held again. Raises ``NotNowError`` if there is none.

    Where the decision made a regrade count, the verdict that counted before it does so again.
    """
    with transaction.atomic():
        lock_submission(grading)
        standing = Review.objects.filter(grading=grading, undone_at=None)
        if not standing.update(undone_at=timezone.now(), undone_by=user):
            raise NotNowError(_("There is no decision to undo."))
        Grading.objects.filter(pk=grading.pk).update(passed=None)
        others = Grading.objects.filter(submission=grading.submission_id, passed__isnull=False)
        earlier = others.exclude(pk=grading.pk).order_by("-pk").first()
        if grading.kind == Grading.Kind.REGRADE and earlier:
            make_count(earlier)


def standing_review(grading: Grading) -> Review | None:
    """Return the review of a grading that has not been undone."""
    return Review.objects.filter(grading=grading, undone_at=None).first()

"""What stands beside a verdict: a person's decision about it, and the verdicts before it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.models import Grading, Submission
from assessments.services import standing_review
from assessments.web.advice import HEADLINES
from assessments.web.histories import outcome
from assessments.web.states import MARKS, State
from grader.contract import Failure

_HELD: dict[bool | None, Promise] = {
    None: gettext_lazy("Not decided yet: a person looks at it."),
    True: gettext_lazy("Passed: accepted on review."),
    False: gettext_lazy("Not passed: rejected on review."),
}


@dataclass(frozen=True)
class EarlierVerdict:
    """A verdict of the same submission that does not count."""

    finished_at: datetime | None
    state: State
    words: str | Promise

    @property
    def mark(self) -> str:
        """The state as a shape."""
        return MARKS[self.state]


def headline(grading: Grading) -> str | Promise:
    """Return the first sentence of a verdict's page, where the verdict is not a pass."""
    if grading.held:
        return _HELD[grading.passed]
    return HEADLINES[Failure(grading.failure)] if grading.failure else ""


def standing(submission: Submission) -> dict[str, Any]:
    """Return what the page of a verdict tells beside it; a query only where a person decides."""
    grading = submission.grading
    review = standing_review(grading) if grading.held else None
    return {
        "review": review,
        "held": bool(grading.held) and review is None,
        "measured": _measured(grading),
        "earlier_verdicts": [
            EarlierVerdict(other.finished_at, *outcome(other))
            for other in submission.gradings.all()
            if other.is_done and other.pk != grading.pk
        ],
    }


def _measured(grading: Grading) -> str:
    """Say how often something was measured that could not be decided."""
    if grading.held or grading.failure != Failure.INCONCLUSIVE:
        return ""
    times = min(grading.retry, len(settings.INCONCLUSIVE_RETRY_SECONDS)) + 1
    told = ngettext(
        "Measured once, and the machine was not quiet enough to decide.",
        "Measured %(times)d times, and the machine was never quiet enough to decide.",
        times,
    ) % {"times": times}
    counts = _("This is neither passed nor failed, and it costs you nothing.")
    return f"{told} {counts}"

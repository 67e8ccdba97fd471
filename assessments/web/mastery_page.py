"""What the page of a learner's own knowledge shows: mastery by concept, and what to recall."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.access import visible_questions
from assessments.analytics.mastery import ENOUGH, Mastery
from assessments.models import Course, Enrolment, User
from assessments.services.evidence import due, mastery_by_concept, recalls
from question_bank.models import Concept, Question

_RECALLED_AT_ONCE = 10


@dataclass(frozen=True)
class KnownConcept:
    """A concept with what is known of its learner's mastery; percentages are whole numbers."""

    slug: str
    title: str
    chapter: str
    answers: int
    is_known: bool
    likely: int
    low: int
    high: int

    @property
    def width(self) -> int:
        """Return how wide the band is."""
        return self.high - self.low

    @property
    def words(self) -> str:
        """Return the estimate as a sentence."""
        if not self.answers:
            return _("no answers yet")
        if not self.is_known:
            count = {"count": self.answers, "enough": ENOUGH}
            return (
                ngettext(
                    "not enough data: %(count)d answer of %(enough)d",
                    "not enough data: %(count)d answers of %(enough)d",
                    self.answers,
                )
                % count
            )
        numbers = {"likely": self.likely, "low": self.low, "high": self.high}
        return _("%(likely)d %%, between %(low)d and %(high)d %%") % numbers


def context(course: Course, user: User) -> dict[str, Any]:
    """Return the estimates in the course's order, and the questions that are due."""
    estimates = mastery_by_concept(user, course)
    enrolment = Enrolment.objects.filter(user=user, course=course).first()
    wants = enrolment is not None and enrolment.recalls
    shown = {
        "course": course,
        "enrolled": enrolment is not None,
        "concepts": [_known(one, estimates.get(one.pk)) for one in course.concepts.all()],
        "enough": ENOUGH,
        "wants_recalls": wants,
    }
    return shown | (_recalls(course, user) if wants else {})


def _known(concept: Concept, found: Mastery | None) -> KnownConcept:
    names = (concept.slug, concept.title, concept.chapter)
    if found is None:
        return KnownConcept(*names, 0, is_known=False, likely=0, low=0, high=0)
    percent = [round(100 * share) for share in (found.likely, found.low, found.high)]
    return KnownConcept(*names, found.answers, found.is_known, *percent)


def _recalls(course: Course, user: User) -> dict[str, Any]:
    """Return what is due, the least likely known first, and when the next one will be."""
    now = timezone.now()
    found = recalls(user, course, now)
    live = visible_questions(user).filter(live__isnull=False, courses=course)
    rows: dict[int, Question] = live.in_bulk(list(found))
    found = {pk: when for pk, when in found.items() if pk in rows}
    ready = due(found, now)
    later = [when.due_at for when in found.values() if when.due_at > now]
    return {
        "due": [
            {"question": rows[pk], "likely": round(100 * found[pk].likely)}
            for pk in ready[:_RECALLED_AT_ONCE]
        ],
        "due_count": len(ready),
        "next_due": min(later, default=None),
        "zone": timezone.get_current_timezone_name(),
    }

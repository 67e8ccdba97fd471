"""More time for some learners: given, changed and taken back; open sittings follow."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Accommodation, Assessment, Course, Enrolment, User
from assessments.services.sittings import reschedule


class AccommodationRefusedError(ValueError):
    """None is given; the text says why, ``field`` what it is about."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(reason)


def misfits(
    learner: User | None, course: Course | None, assessment: Assessment | None
) -> dict[str, str]:
    """Return what does not fit together, by field: an assessment of another course, an outsider."""
    found = {}
    if course and assessment and assessment.course_id != course.pk:
        found["assessment"] = _("It belongs to another course.")
    if course and learner and not Enrolment.objects.filter(user=learner, course=course).exists():
        found["learner"] = _("Not enrolled in this course.")
    return found


@transaction.atomic
def give(
    by: User,
    learner: User,
    course: Course,
    assessment: Assessment | None = None,
    *,
    factor: Decimal = Decimal(1),
    extra_sittings: int = 0,
    note: str = "",
) -> Accommodation:
    """Give a learner more, in an assessment or in all of a course.

    Raises ``AccommodationRefusedError``.
    """
    for field, reason in misfits(learner, course, assessment).items():
        raise AccommodationRefusedError(field, reason)
    # Two who give at the same time come here one after the other.
    Course.objects.select_for_update().get(pk=course.pk)
    there = Accommodation.objects.filter(learner=learner, course=course, assessment=assessment)
    if there.exists():
        told = _("There is one for this learner here already; change that one.")
        raise AccommodationRefusedError("learner", told)
    given = Accommodation(
        learner=learner,
        course=course,
        assessment=assessment,
        factor=factor,
        extra_sittings=extra_sittings,
        note=note,
    )
    keep(given, by)
    return given


@transaction.atomic
def keep(accommodation: Accommodation, by: User) -> None:
    """Keep what somebody gives or changes, and move the ends of open sittings."""
    accommodation.given_by = by
    accommodation.given_at = timezone.now()
    accommodation.save()
    reschedule(accommodation)


@transaction.atomic
def take_away(accommodation: Accommodation) -> None:
    """Take it back; open sittings end as they would have without."""
    accommodation.delete()
    reschedule(accommodation)

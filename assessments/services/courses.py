"""Who is in a course."""

from assessments.models import Course, Enrolment, User


class ClosedCourseError(PermissionError):
    """Only an instructor enrols people in this course."""


def join(user: User, course: Course) -> Enrolment:
    """Enrol a person in an open course as a learner; who is in it already stays what they are.

    Raises ``ClosedCourseError``.
    """
    enrolment = Enrolment.objects.filter(user=user, course=course).first()
    if enrolment is not None:
        return enrolment
    if not course.is_open:
        raise ClosedCourseError(f"{course} is closed")
    return Enrolment.objects.get_or_create(user=user, course=course)[0]

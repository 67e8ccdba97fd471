"""The cast: every test of who may see what asks all of them."""

from assessments.models import Course, Enrolment, User

PASSWORD = "kept-in-the-tests"


def person(name: str, course: Course | None = None, role: str = Enrolment.Role.LEARNER) -> User:
    """Return a new user, enrolled where a course is given."""
    user = User.objects.create_user(username=name, password=PASSWORD)
    if course:
        Enrolment.objects.create(user=user, course=course, role=role)
    return user

"""Courses: loading them from files, and who is in them."""

from pathlib import Path

from django.db import transaction

from assessments.models import Course, CourseItem, Enrolment, User
from question_bank.courses import read_course
from question_bank.models import Concept, Question
from question_bank.publishing import publish


class ClosedCourseError(PermissionError):
    """Only an instructor enrols people in this course."""


def load_course(folder: Path) -> tuple[Course, list[str]]:
    """Bring a course up to date with its files; return it and what changed, one line each.

    Raises ``CourseError`` and ``KindChangedError``, and then nothing has changed.
    """
    files = read_course(folder)
    told = {
        "title": files.head.title,
        "summary": files.head.summary,
        "chapters": list(files.head.chapters),
    }
    with transaction.atomic():
        changes = publish(files)
        course, _ = Course.objects.update_or_create(slug=files.head.slug, defaults=told)
        course.concepts.set(Concept.objects.filter(slug__in=files.concepts))
        _set_items(course, files.head.questions)
    return course, changes


def _set_items(course: Course, slugs: tuple[str, ...]) -> None:
    rows = Question.objects.in_bulk(slugs, field_name="slug")
    course.items.all().delete()
    CourseItem.objects.bulk_create(
        CourseItem(course=course, question=rows[slug], position=position)
        for position, slug in enumerate(slugs)
    )


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

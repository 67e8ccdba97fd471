"""Texts in piles: all answers of a course's learners to one question, in practice or a sitting."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from assessments import access
from assessments.models import Assessment, Attempt, Course, Enrolment, User, WaitingText, credited
from question_bank.models import Question


@dataclass(frozen=True)
class Pile:
    """What is marked in one go; without an assessment it is practice. All are keys."""

    course: int
    question: int
    assessment: int | None = None

    def texts(self, user: User) -> QuerySet[Any]:
        """Return its texts that the person may mark, credited, oldest first."""
        mine = _in_courses(user).filter(
            of_course=self.course,
            attempt__question=self.question,
            attempt__sitting__assessment=self.assessment,
        )
        return mine.order_by("created_at", "pk")


@dataclass(frozen=True)
class PileLine:
    """A pile in the list: how much of it waits, since when, and how much is marked."""

    course: Course
    question: Question
    assessment: Assessment | None
    waiting: int
    marked: int
    oldest: datetime | None


def pile_of(user: User, text: WaitingText, course: str) -> Pile:
    """Return the pile that a text of the person's lies in; of two courses the one that is asked."""
    courses = list(_in_courses(user).filter(pk=text.pk).values_list("of_course", flat=True))
    chosen = next((pk for pk in courses if str(pk) == course), courses[0])
    sitting = text.attempt.sitting
    return Pile(chosen, text.attempt.question_id, sitting.assessment_id if sitting else None)


def listed(user: User) -> list[PileLine]:
    """Return the piles of a person: first what waits, the oldest first; five queries."""
    counted = (
        _in_courses(user)
        .values_list("of_course", "attempt__question", "attempt__sitting__assessment")
        .annotate(
            number=Count("pk", filter=Q(marked=None)),
            done=Count("pk", filter=Q(marked__isnull=False)),
            oldest=Min("created_at", filter=Q(marked=None)),
        )
        .order_by("oldest", "of_course", "attempt__question")
    )
    lines = list(_lines(list(counted)))
    return [one for one in lines if one.waiting] + [one for one in lines if not one.waiting]


def _lines(rows: list[Any]) -> Iterator[PileLine]:
    courses = Course.objects.in_bulk({row[0] for row in rows})
    questions = Question.objects.in_bulk({row[1] for row in rows})
    assessments = Assessment.objects.in_bulk({row[2] for row in rows if row[2]})
    for course, question, assessment, *counts in rows:
        yield PileLine(courses[course], questions[question], assessments.get(assessment), *counts)


def _in_courses(user: User) -> QuerySet[Any]:
    """Return the texts that a person may mark with the course that each belongs to.

    A text of practice stands once for each of the courses that its learner and its marker share.
    """
    texts = credited(access.markable_texts(user)).filter(
        attempt__learner__enrolments__role=Enrolment.Role.LEARNER,
        attempt__learner__enrolments__course__in=access.markable_courses(user),
    )
    of_course = F("attempt__learner__enrolments__course")
    practised = Q(
        attempt__purpose=Attempt.Purpose.PRACTICE, attempt__question__courseitem__course=of_course
    )
    sat = Q(attempt__sitting__assessment__course=of_course)
    found: QuerySet[Any] = texts.annotate(of_course=of_course).filter(practised | sat)
    return found

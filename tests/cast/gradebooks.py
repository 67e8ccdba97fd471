"""A course with many learners, assessments and answers, written in bulk."""

from datetime import timedelta
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from assessments.models import (
    Assessment,
    Attempt,
    Course,
    Enrolment,
    Response,
    RubricMark,
    Sitting,
    User,
)
from question_bank.models import Question

_FRACTIONS = [Decimal(number) / 10_000 for number in (0, 3333, 5000, 7500, 10_000)]


def fill(course: Course, *, learners: int, assessments: int, questions: list[Question]) -> None:
    """Let every learner sit every assessment, which asks every question for three points.

    Of every fifth answer the half waits for a person, and every second of those has been marked.
    """
    people = User.objects.bulk_create(
        User(username=f"learner-{number:04}", password="!") for number in range(learners)
    )
    Enrolment.objects.bulk_create(Enrolment(user=one, course=course) for one in people)
    asked = Assessment.objects.bulk_create(
        Assessment(
            course=course,
            slug=f"exam-{number:02}",
            title=f"Exam {number}",
            kind="exam",
            position=number,
            published_at=timezone.now(),
        )
        for number in range(assessments)
    )
    for assessment in asked:
        _sit(assessment, people, questions)
    # What autovacuum does within a minute. Until then PostgreSQL plans for the empty tables that it
    # may have analysed before, and a gradebook takes it many minutes.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _sit(assessment: Assessment, people: list[User], questions: list[Question]) -> None:
    now = timezone.now()
    sittings = Sitting.objects.bulk_create(
        Sitting(
            learner=one,
            assessment=assessment,
            number=1,
            started_at=now - timedelta(hours=1),
            handed_in_at=now,
        )
        for one in people
    )
    attempts = Attempt.objects.bulk_create(
        Attempt(
            learner_id=sitting.learner_id,
            question=question,
            purpose=Attempt.Purpose.SITTING,
            number=assessment.position + 1,
            version_id=question.live_id,
            seed=1,
            started_at=now,
            sitting=sitting,
            place=place,
            points=Decimal(3),
        )
        for sitting in sittings
        for place, question in enumerate(questions)
    )
    _answer(attempts, people[0])


def _answer(attempts: list[Attempt], marker: User) -> None:
    now = timezone.now()
    responses = Response.objects.bulk_create(
        Response(
            attempt=attempt,
            number=1,
            answer={},
            fraction=Decimal(0) if number % 5 == 0 else _FRACTIONS[number % 7 % 5],
            waits=Decimal("0.5") if number % 5 == 0 else Decimal(0),
            feedback={"given": "7", "right": "8", "feedback": "Nearly."},
            created_at=now,
        )
        for number, attempt in enumerate(attempts)
    )
    RubricMark.objects.bulk_create(
        RubricMark(
            response=response,
            marker=marker,
            role=RubricMark.Role.INSTRUCTOR,
            marked_at=now,
            given=[],
            fraction=Decimal("0.333333"),
        )
        for response in responses[::10]
    )

"""Jobs with the broker, for the tests of what becomes of them."""

from collections.abc import Callable
from itertools import count

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks
from redis import Redis

from assessments.models import Course, Grading, User
from assessments.services import attempt_for, submit_code
from question_bank.models import Question
from tests.cast.people import person
from tests.cast.queues import code


@pytest.fixture
def classmate(course: Course) -> Callable[[str], User]:
    """Make somebody else who learns in the course."""
    return lambda name: person(name, course)


@pytest.fixture
def submitted(
    learner: User,
    broker: Redis,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Callable[..., Grading]:
    """Submit other code each time, by the learner or by whoever is named; return the grading.

    The job is with the broker if it is its turn.
    """
    numbers = count(1)

    def submit(by: User | None = None, source: bytes = b"") -> Grading:
        attempt = attempt_for(by or learner, Question.objects.get(slug="sliding-window"))
        source = source or code(next(numbers))
        with django_capture_on_commit_callbacks(execute=True):
            submission = submit_code(attempt.learner, attempt, source)
        return submission.gradings.get()

    return submit

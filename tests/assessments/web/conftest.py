from collections.abc import Callable

import pytest
from django.test import Client

from assessments.models import Attempt, Course, Enrolment, User
from assessments.services import attempt_for
from question_bank.courses import BUILT_IN
from question_bank.models import Question
from tests.cast.courses import loaded


@pytest.fixture
def course(db: None) -> Course:
    return loaded(BUILT_IN)


@pytest.fixture
def enrol(course: Course) -> Callable[..., User]:
    """Make somebody who is in the course."""

    def make(name: str, role: str = Enrolment.Role.LEARNER) -> User:
        user = User.objects.create_user(name)
        Enrolment.objects.create(user=user, course=course, role=role)
        return user

    return make


@pytest.fixture
def learner(enrol: Callable[..., User]) -> User:
    return enrol("learner")


@pytest.fixture
def page(client: Client, learner: User) -> Client:
    """A browser in which the learner has signed in."""
    client.force_login(learner)
    return client


@pytest.fixture
def attempt(learner: User) -> Attempt:
    """The learner at the sliding-window exercise."""
    return attempt_for(learner, Question.objects.get(slug="sliding-window"))

"""An exam of three questions on two pages, and its learner at it."""

import pytest
from django.test import Client

from assessments.models import Assessment, Course, Sitting, User
from assessments.services import begin
from tests.cast.sittings import assessment


@pytest.fixture
def exam(course: Course) -> Assessment:
    return assessment(course, "which-cut", "keys-seen", "sliding-window", per_page=2)


@pytest.fixture
def page(client: Client, learner: User) -> Client:
    client.force_login(learner)
    return client


@pytest.fixture
def sitting(learner: User, exam: Assessment) -> Sitting:
    return begin(learner, exam)

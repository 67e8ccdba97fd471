"""Jobs with the broker, for the tests of what becomes of them."""

from collections.abc import Callable

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks
from redis import Redis

from assessments.models import Attempt, Grading, User
from assessments.services import submit_code

SOURCE = b"def attention(q, k, v, window):\n    return v\n"


@pytest.fixture
def submitted(
    learner: User,
    code_attempt: Attempt,
    broker: Redis,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Callable[[], Grading]:
    """Submit once more and return the grading, whose job is with the broker."""

    def submit() -> Grading:
        with django_capture_on_commit_callbacks(execute=True):
            submission = submit_code(learner, code_attempt, SOURCE)
        return submission.gradings.get()

    return submit

"""Code on its way in."""

import base64
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from redis import Redis

from assessments.models import Attempt, Grading, Submission, User
from assessments.services import SourceTooLargeError, TooManySubmissionsError, jobs, submit_code
from grader.exercises import EXERCISES
from tests.cast.queues import code, jobs_in

pytestmark = pytest.mark.django_db

SOURCE = code(0)


def test_a_submission_is_kept_byte_for_byte(learner: User, code_attempt: Attempt) -> None:
    raw = b"\xff\x00 not text\r\n"
    submission = submit_code(learner, code_attempt, raw)
    assert bytes(Submission.objects.get(pk=submission.pk).source) == raw


def test_submissions_are_numbered_from_one(learner: User, code_attempt: Attempt) -> None:
    numbers = [submit_code(learner, code_attempt, code(n)).number for n in range(3)]
    assert numbers == [1, 2, 3]


def test_the_job_holds_source_and_exercise_and_a_token_that_only_its_digest_is_kept_of(
    learner: User,
    code_attempt: Attempt,
    broker: Redis,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        submission = submit_code(learner, code_attempt, SOURCE)
    (job,) = jobs_in(broker)
    grading = submission.gradings.get()
    assert base64.b64decode(job.source_base64) == SOURCE
    assert (job.job, job.exercise.slug) == (str(grading.pk), "sliding-window")
    assert job.token not in str(vars(grading))
    assert grading.dispatched_at is not None


@pytest.mark.parametrize(("slug", "device"), [("sliding-window", "cuda"), ("swa-gqa", "cpu")])
def test_what_a_gpu_does_not_grade_goes_to_a_cpu(
    learner: User,
    code_attempt: Attempt,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    slug: str,
    device: str,
) -> None:
    settings.GRADING_DEVICE = "cuda"
    monkeypatch.setattr(jobs, "pinned_exercise", lambda attempt: EXERCISES[slug])
    grading = submit_code(learner, code_attempt, SOURCE).gradings.get()
    assert grading.device == device


def test_nothing_is_sent_before_the_submission_is_safely_kept(
    learner: User, code_attempt: Attempt, broker: Redis
) -> None:
    submit_code(learner, code_attempt, SOURCE)
    assert jobs_in(broker) == []


def test_a_broker_that_is_away_costs_neither_submission_nor_delivery(
    learner: User,
    code_attempt: Attempt,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        submission = submit_code(learner, code_attempt, SOURCE)
    grading = submission.gradings.get()
    assert (grading.state, grading.deliveries) == (Grading.State.QUEUED, 0)
    assert grading.dispatched_at is None
    assert grading.lease_until <= timezone.now()


def test_a_file_over_the_limit_is_refused_with_the_limit_and_not_kept(
    learner: User, code_attempt: Attempt
) -> None:
    with pytest.raises(SourceTooLargeError, match="100,000 bytes"):
        submit_code(learner, code_attempt, b"#" * 100_001)
    assert not Submission.objects.exists()


def test_a_file_of_exactly_the_limit_is_taken(learner: User, code_attempt: Attempt) -> None:
    assert submit_code(learner, code_attempt, b"#" * 100_000).pk


def test_nobody_submits_to_the_attempt_of_another(teammate: User, code_attempt: Attempt) -> None:
    with pytest.raises(PermissionError):
        submit_code(teammate, code_attempt, SOURCE)


@pytest.fixture
def five(settings: Settings) -> int:
    settings.SUBMISSIONS_UNFINISHED = 5
    return 5


def test_a_sixth_unfinished_submission_is_refused_where_five_may_be_and_the_first_five_stay(
    learner: User, code_attempt: Attempt, five: int
) -> None:
    for number in range(five):
        submit_code(learner, code_attempt, code(number))
    with pytest.raises(TooManySubmissionsError, match="5 of your submissions are still") as refusal:
        submit_code(learner, code_attempt, code(five))
    assert refusal.value.seconds > 0
    assert Submission.objects.count() == Grading.objects.count() == 5


def test_a_seventh_submission_within_a_minute_waits_until_the_first_is_a_minute_old(
    learner: User, code_attempt: Attempt
) -> None:
    for number in range(6):
        submit_code(learner, code_attempt, code(number))
        Grading.objects.update(state=Grading.State.DONE)
    with pytest.raises(TooManySubmissionsError, match="6 times within a minute") as refusal:
        submit_code(learner, code_attempt, code(6))
    assert 50 <= refusal.value.seconds <= 60


@pytest.mark.parametrize("failure", ["unavailable", "inconclusive"])
def test_what_could_not_be_decided_is_not_counted_within_the_minute(
    learner: User, code_attempt: Attempt, failure: str
) -> None:
    for number in range(7):
        submit_code(learner, code_attempt, code(number))
        Grading.objects.update(state=Grading.State.DONE, failure=failure)
    assert Submission.objects.count() == 7


def test_limits_are_each_learners_own(
    learner: User, teammate: User, code_attempt: Attempt, five: int
) -> None:
    for number in range(five):
        submit_code(learner, code_attempt, code(number))
    theirs = Attempt.objects.create(
        learner=teammate,
        question=code_attempt.question,
        number=1,
        version=code_attempt.version,
        seed=1,
        started_at=timezone.now() - timedelta(minutes=1),
    )
    assert submit_code(teammate, theirs, SOURCE).pk


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_are_limited_and_what_was_taken_is_kept(
    learner: User, code_attempt: Attempt, five: int
) -> None:
    refusals: list[TooManySubmissionsError] = []
    taken: list[Submission] = []

    def submit(number: int) -> None:
        try:
            taken.append(submit_code(learner, code_attempt, code(number)))
        except TooManySubmissionsError as refusal:
            refusals.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=submit, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), len(refusals)) == (5, 5)
    assert sorted(Submission.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]

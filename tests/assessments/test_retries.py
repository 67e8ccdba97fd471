"""What could not be decided is measured again by itself, and nobody draws luck from that."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from redis import Redis

from assessments.models import Attempt, Grading, Submission, User
from assessments.services import (
    SubmittedBeforeError,
    attempt_for,
    record_verdict,
    recover,
    start_again,
    submit_code,
)
from grader.contract import Failure
from tests.cast.queues import code, jobs_in, take_job, verdict_of

pytestmark = pytest.mark.django_db

Submitted = Callable[..., Grading]
SECOND = timedelta(seconds=1)


class Judge:
    """The judge and the sweep, with time that goes by."""

    def __init__(self, broker: Redis, commit: DjangoCaptureOnCommitCallbacks) -> None:
        self.broker, self.commit = broker, commit

    def says(self, failure: Failure | None, **told: object) -> None:
        with self.commit(execute=True):
            assert record_verdict(verdict_of(take_job(self.broker), failure, **told))

    def after(self, seconds: float) -> int:
        with self.commit(execute=True):
            return recover(timezone.now() + seconds * SECOND)


@pytest.fixture
def judge(
    broker: Redis, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Judge:
    return Judge(broker, django_capture_on_commit_callbacks)


def undecided_for_good(judge: Judge) -> None:
    judge.says(Failure.INCONCLUSIVE)
    for rest in (31, 121, 601):
        assert judge.after(rest) == 1
        judge.says(Failure.INCONCLUSIVE)


def test_an_inconclusive_verdict_is_kept_and_another_grading_counts(
    submitted: Submitted, judge: Judge
) -> None:
    first = submitted()
    judge.says(Failure.INCONCLUSIVE)
    first.refresh_from_db()
    assert (first.failure, first.passed, first.counts) == ("inconclusive", None, False)
    again = Submission.objects.get().grading
    assert (again.retry, again.state, again.deliveries) == (1, Grading.State.QUEUED, 0)
    assert again.rests()


def test_it_rests_before_it_is_measured_again(submitted: Submitted, judge: Judge) -> None:
    submitted()
    judge.says(Failure.INCONCLUSIVE)
    assert judge.after(28) == 0
    assert judge.after(31) == 1
    judge.says(None)
    assert Submission.objects.get().grading.passed


def test_after_three_more_times_it_stays_undecided(submitted: Submitted, judge: Judge) -> None:
    submitted()
    undecided_for_good(judge)
    last = Submission.objects.get().grading
    assert (last.failure, last.passed, last.retry) == ("inconclusive", None, 3)
    assert judge.after(10_000) == 0
    assert jobs_in(judge.broker) == []


def test_how_often_and_after_which_rests_is_a_setting(
    submitted: Submitted, judge: Judge, settings: Settings
) -> None:
    settings.INCONCLUSIVE_RETRY_SECONDS = [5]
    submitted()
    judge.says(Failure.INCONCLUSIVE)
    assert judge.after(6) == 1
    judge.says(Failure.INCONCLUSIVE)
    assert judge.after(10_000) == 0


def test_what_is_held_is_not_measured_again(submitted: Submitted, judge: Judge) -> None:
    grading = submitted()
    judge.says(Failure.INCONCLUSIVE, held="Faster than the arithmetic allows.")
    grading.refresh_from_db()
    assert (grading.held, grading.counts) == ("Faster than the arithmetic allows.", True)
    assert judge.after(10_000) == 0


def test_a_resting_submission_does_not_use_up_its_learners_places(
    submitted: Submitted, judge: Judge, settings: Settings
) -> None:
    settings.SUBMISSIONS_UNFINISHED = 1
    submitted()
    judge.says(Failure.INCONCLUSIVE)
    assert submitted().pk


@pytest.mark.parametrize("failure", [None, Failure.TOO_SLOW, Failure.WRONG_PAIRS])
def test_a_decided_verdict_stands_when_the_same_code_comes_again(
    submitted: Submitted, judge: Judge, failure: Failure | None
) -> None:
    first = submitted(source=code(1))
    judge.says(failure)
    with pytest.raises(SubmittedBeforeError) as before:
        submitted(source=b"# once more\n\n" + code(1))
    assert before.value.submission == first.submission
    assert Submission.objects.count() == Grading.objects.count() == 1


def test_the_same_code_is_not_sent_twice_while_it_is_graded(submitted: Submitted) -> None:
    submitted(source=code(1))
    with pytest.raises(SubmittedBeforeError):
        submitted(source=code(1))


def test_the_same_code_draws_no_more_measurements_once_it_stays_undecided(
    submitted: Submitted, judge: Judge
) -> None:
    submitted(source=code(1))
    undecided_for_good(judge)
    with pytest.raises(SubmittedBeforeError):
        submitted(source=code(1))


def test_the_same_code_as_what_is_held_is_held_too(submitted: Submitted, judge: Judge) -> None:
    submitted(source=code(1))
    judge.says(Failure.INCONCLUSIVE, held="Very fast.")
    with pytest.raises(SubmittedBeforeError):
        submitted(source=code(1))


def test_what_could_not_be_graded_is_graded_anew(submitted: Submitted, judge: Judge) -> None:
    submitted(source=code(1))
    Grading.objects.update(deliveries=4)
    judge.says(Failure.UNAVAILABLE)
    assert submitted(source=code(1)).pk
    assert Submission.objects.count() == 2


def test_measurements_in_vain_before_a_failure_of_ours_count_towards_the_cap(
    submitted: Submitted, judge: Judge
) -> None:
    submitted(source=code(1))
    judge.says(Failure.INCONCLUSIVE)
    judge.after(31)
    Grading.objects.exclude(state=Grading.State.DONE).update(deliveries=4)
    judge.says(Failure.UNAVAILABLE)
    assert submitted(source=code(1)).retry == 1


def test_the_same_code_of_somebody_else_is_their_own(
    submitted: Submitted, judge: Judge, teammate: User
) -> None:
    submitted(source=code(1))
    judge.says(Failure.TOO_SLOW)
    assert submitted(teammate, source=code(1)).pk


def test_the_same_code_by_other_standards_is_graded(
    submitted: Submitted, judge: Judge, learner: User
) -> None:
    first = submitted(source=code(1))
    judge.says(Failure.TOO_SLOW)
    again = start_again(learner, first.submission.attempt.question)
    with pytest.raises(SubmittedBeforeError):
        submitted(source=code(1))
    Attempt.objects.filter(pk=again.pk).update(grader_digest="another")
    assert submitted(source=code(1)).pk


def test_what_is_seen_before_costs_nothing(
    learner: User, judge: Judge, submitted: Submitted, settings: Settings
) -> None:
    settings.SUBMISSIONS_PER_MINUTE = 2
    grading = submitted(source=code(1))
    judge.says(Failure.TOO_SLOW)
    attempt = attempt_for(learner, grading.submission.attempt.question)
    for _ in range(5):
        with pytest.raises(SubmittedBeforeError):
            submit_code(learner, attempt, code(1))
    assert submit_code(learner, attempt, code(2)).pk

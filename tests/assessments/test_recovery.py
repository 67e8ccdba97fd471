"""What is done about jobs that fall silent."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from redis import Redis

from assessments.models import Grading
from assessments.services import record_stage, record_verdict, recover
from assessments.services.jobs import LEASE, MAX_DELIVERIES
from grader.contract import Failure
from tests.cast.queues import jobs_in, stage_of, take_job, verdict_of

pytestmark = pytest.mark.django_db

Submitted = Callable[[], Grading]
SECOND = timedelta(seconds=1)


@pytest.fixture
def sweep(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Callable[[timedelta], int]:
    """Sweep as if that much time had gone by; return how many jobs were sent again."""

    def run(later: timedelta) -> int:
        with django_capture_on_commit_callbacks(execute=True):
            return recover(timezone.now() + later)

    return run


def test_a_running_job_within_its_lease_is_left_alone(
    submitted: Submitted, broker: Redis, sweep: Callable[[timedelta], int]
) -> None:
    submitted()
    record_stage(stage_of(take_job(broker)))
    assert sweep(LEASE - 2 * SECOND) == 0
    assert jobs_in(broker) == []


def test_a_running_job_that_falls_silent_is_sent_again_under_another_token(
    submitted: Submitted, broker: Redis, sweep: Callable[[timedelta], int]
) -> None:
    grading = submitted()
    job = take_job(broker)
    record_stage(stage_of(job, "timing", done=3, total=63))
    assert sweep(LEASE + SECOND) == 1
    (again,) = jobs_in(broker)
    assert (again.job, again.source_base64) == (job.job, job.source_base64)
    assert again.token != job.token
    grading.refresh_from_db()
    assert (grading.state, grading.stage, grading.deliveries) == (Grading.State.QUEUED, "", 2)


def test_only_the_second_delivery_counts_once_there_is_one(
    submitted: Submitted, broker: Redis, sweep: Callable[[timedelta], int]
) -> None:
    grading = submitted()
    late = take_job(broker)
    record_stage(stage_of(late))
    sweep(LEASE + SECOND)
    again = take_job(broker)
    assert not record_verdict(verdict_of(late, Failure.CRASHED))
    assert record_verdict(verdict_of(again))
    grading.refresh_from_db()
    assert grading.passed


def test_the_queue_vouches_for_what_waits_in_it_however_long(
    submitted: Submitted, broker: Redis, sweep: Callable[[timedelta], int]
) -> None:
    submitted()
    submitted()
    for minutes in range(10):
        assert sweep(timedelta(minutes=minutes)) == 0
    assert len(jobs_in(broker)) == 2


def test_a_job_that_the_broker_lost_is_sent_again(
    submitted: Submitted, broker: Redis, sweep: Callable[[timedelta], int]
) -> None:
    submitted()
    broker.flushdb()
    assert sweep(LEASE - 2 * SECOND) == 0
    assert sweep(LEASE + SECOND) == 1
    assert len(jobs_in(broker)) == 1


def test_a_lost_job_is_missed_when_those_behind_it_have_started_though_others_wait(
    submitted: Submitted, broker: Redis, sweep: Callable[[timedelta], int]
) -> None:
    lost = submitted()
    take_job(broker)
    Grading.objects.update(dispatched_at=timezone.now() - 4 * LEASE)
    for _ in range(2):
        submitted()
    record_stage(stage_of(take_job(broker)))
    assert sweep(LEASE - SECOND) == 0
    assert sweep(LEASE + SECOND) == 1 + 1  # the lost one, and the started one that fell silent
    assert str(lost.pk) in {job.job for job in jobs_in(broker)}


def test_a_job_that_never_reached_the_broker_is_sent_by_the_next_sweep(
    submitted: Submitted, broker: Redis, sweep: Callable[[timedelta], int]
) -> None:
    submitted()
    broker.flushdb()
    Grading.objects.update(dispatched_at=None, deliveries=0, lease_until=timezone.now())
    assert sweep(timedelta(0)) == 1
    assert len(jobs_in(broker)) == 1


def test_while_the_broker_is_away_nothing_is_sent_and_no_delivery_is_spent(
    submitted: Submitted, no_broker: str, sweep: Callable[[timedelta], int]
) -> None:
    from tests.cast.brokers import point_at

    grading = submitted()
    point_at(no_broker)
    assert sweep(timedelta(hours=1)) == 0
    grading.refresh_from_db()
    assert grading.deliveries == 1


def test_a_failure_of_ours_is_tried_again_after_a_rest(
    submitted: Submitted, broker: Redis, sweep: Callable[[timedelta], int]
) -> None:
    submitted()
    record_verdict(verdict_of(take_job(broker), Failure.UNAVAILABLE))
    assert sweep(timedelta(0)) == 0
    assert sweep(6 * SECOND) == 1
    assert record_verdict(verdict_of(take_job(broker)))


def test_a_resting_job_is_not_taken_for_one_that_waits_in_the_queue(
    submitted: Submitted, broker: Redis, sweep: Callable[[timedelta], int]
) -> None:
    submitted()
    record_verdict(verdict_of(take_job(broker), Failure.UNAVAILABLE))
    submitted()
    assert sweep(6 * SECOND) == 1


def test_a_job_that_kills_every_worker_ends_as_unavailable(
    submitted: Submitted, broker: Redis, sweep: Callable[[timedelta], int]
) -> None:
    grading = submitted()
    for delivery in range(1, MAX_DELIVERIES + 1):
        assert take_job(broker).job == str(grading.pk)
        assert sweep(LEASE + delivery * SECOND) == (delivery < MAX_DELIVERIES)
    grading.refresh_from_db()
    assert (grading.failure, grading.passed) == ("unavailable", False)
    assert "Our fault" in grading.verdict["message"]
    assert jobs_in(broker) == []


def test_two_sweeps_at_once_send_a_job_once(
    submitted: Submitted, broker: Redis, sweep: Callable[[timedelta], int]
) -> None:
    submitted()
    broker.flushdb()
    moment = LEASE + SECOND
    assert (sweep(moment), sweep(moment)) == (1, 0)
    assert len(jobs_in(broker)) == 1

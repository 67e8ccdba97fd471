"""What is done about jobs that fall silent."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from redis import Redis

from assessments.models import Attempt, Grading, User
from assessments.services import (
    queue,
    record_stage,
    record_verdict,
    recover,
    send_waiting,
    submissions,
    submit_code,
)
from assessments.services.jobs import LEASE, MAX_DELIVERIES
from config.celery import app
from grader.contract import Failure
from tests.cast.brokers import point_at
from tests.cast.queues import code, jobs_in, stage_of, take_job, verdict_of

pytestmark = pytest.mark.django_db

Submitted = Callable[..., Grading]
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
    submitted: Submitted, teammate: User, broker: Redis, sweep: Callable[[timedelta], int]
) -> None:
    submitted()
    submitted(teammate)
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
    submitted: Submitted,
    classmate: Callable[[str], User],
    broker: Redis,
    sweep: Callable[[timedelta], int],
) -> None:
    lost = submitted()
    take_job(broker)
    Grading.objects.update(dispatched_at=timezone.now() - 4 * LEASE)
    for name in ("second", "third"):
        submitted(classmate(name))
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
    submitted: Submitted, teammate: User, broker: Redis, sweep: Callable[[timedelta], int]
) -> None:
    submitted()
    record_verdict(verdict_of(take_job(broker), Failure.UNAVAILABLE))
    submitted(teammate)
    assert sweep(6 * SECOND) == 1


def test_a_job_that_kills_every_worker_ends_as_unavailable(
    submitted: Submitted, broker: Redis, sweep: Callable[[timedelta], int]
) -> None:
    grading = submitted()
    for delivery in range(1, MAX_DELIVERIES + 1):
        assert take_job(broker).job == str(grading.pk)
        assert sweep(delivery * (LEASE + SECOND)) == (delivery < MAX_DELIVERIES)
    grading.refresh_from_db()
    assert (grading.failure, grading.passed) == ("unavailable", None)
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


def test_a_process_that_dies_before_it_sends_what_it_has_decided_to_loses_nothing(
    submitted: Submitted,
    broker: Redis,
    sweep: Callable[[timedelta], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as dead:
        dead.setattr(queue, "send_claimed", lambda _claims: None)
        grading = submitted()
    assert jobs_in(broker) == []
    assert sweep(LEASE - 2 * SECOND) == 0
    assert sweep(LEASE + SECOND) == 1
    assert [job.job for job in jobs_in(broker)] == [str(grading.pk)]


def test_what_a_broker_that_was_away_left_behind_is_sent_in_turns(
    submitted: Submitted,
    teammate: User,
    broker: Redis,
    no_broker: str,
    sweep: Callable[[timedelta], int],
) -> None:
    there = app.conf.broker_url
    point_at(no_broker)
    mine = [submitted() for _ in range(3)]
    theirs = submitted(teammate)
    point_at(there)
    assert sweep(SECOND) == 2
    assert [job.job for job in jobs_in(broker)] == [str(mine[0].pk), str(theirs.pk)]


@pytest.mark.django_db(transaction=True)
def test_processes_that_decide_at_once_send_each_learners_job_once(
    learner: User, code_attempt: Attempt, broker: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as silent:
        silent.setattr(submissions, "send_waiting_after_commit", lambda _device: None)
        for number in range(5):
            submit_code(learner, code_attempt, code(number))
    start = threading.Barrier(6)

    def decide() -> None:
        start.wait()
        try:
            send_waiting("cpu")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (job,) = jobs_in(broker)
    sent = Grading.objects.get(dispatched_at__isnull=False)
    assert (job.job, sent.deliveries) == (str(sent.pk), 1)

"""A worker whose machine is too noisy hands its job on; workers say that they are there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from redis import Redis

from assessments.models import Grading, Worker
from assessments.services import record_hand_on, record_stage, record_verdict, record_worker
from assessments.services.workers import workers_there
from grader.contract import WorkerMessage
from tests.cast.queues import hand_on_of, jobs_in, stage_of, take_job, verdict_of

pytestmark = pytest.mark.django_db

Submitted = Callable[..., Grading]


@pytest.fixture
def hand_on(
    broker: Redis, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Callable[[], bool]:
    """Take the next job, begin it, and hand it on."""

    def act() -> bool:
        job = take_job(broker)
        with django_capture_on_commit_callbacks(execute=True):
            record_stage(stage_of(job))
            return record_hand_on(hand_on_of(job))

    return act


def test_it_is_sent_at_once_with_one_more_hand_and_no_more_deliveries(
    submitted: Submitted, broker: Redis, hand_on: Callable[[], bool]
) -> None:
    grading = submitted()
    assert hand_on()
    (job,) = jobs_in(broker)
    assert (job.job, job.handed_on) == (str(grading.pk), 1)
    grading.refresh_from_db()
    assert (grading.handed_on, grading.deliveries) == (1, 1)
    assert (grading.state, grading.stage) == (Grading.State.QUEUED, "")
    assert grading.started_at is None


def test_who_handed_it_on_holds_no_token_for_it_any_more(
    submitted: Submitted, broker: Redis, hand_on: Callable[[], bool]
) -> None:
    submitted()
    late = jobs_in(broker)[0]
    hand_on()
    assert not record_verdict(verdict_of(late))
    assert not record_hand_on(hand_on_of(late))
    assert record_verdict(verdict_of(take_job(broker)))


def test_a_job_that_is_handed_on_for_ever_comes_to_rest(
    submitted: Submitted, broker: Redis, hand_on: Callable[[], bool]
) -> None:
    grading = submitted()
    for _ in range(11):
        assert hand_on()
    assert jobs_in(broker) == []
    grading.refresh_from_db()
    assert grading.rests()


@pytest.mark.parametrize("payload", ["", "{}", "[]", '{"job": 1}'])
def test_what_is_no_message_is_dropped(payload: str) -> None:
    assert not record_hand_on(payload)
    assert not record_worker(payload)


def there(name: str) -> str:
    return WorkerMessage(worker=name, device="cpu").model_dump_json()


def test_workers_are_counted_once_each_and_by_device() -> None:
    for name in ("a:1", "a:1", "b:2"):
        assert record_worker(there(name))
    now = timezone.now()
    assert (workers_there("cpu", now), workers_there("cuda", now)) == (2, 0)


def test_a_worker_that_has_fallen_silent_is_not_counted() -> None:
    record_worker(there("a:1"))
    assert workers_there("cpu", timezone.now() + timedelta(minutes=1)) == 0


def test_a_worker_is_heard_of_by_its_stages(submitted: Submitted, broker: Redis) -> None:
    submitted()
    record_stage(stage_of(take_job(broker), worker="a:1"))
    assert workers_there("cpu", timezone.now()) == 1


def test_a_forged_stage_makes_no_worker(submitted: Submitted, broker: Redis) -> None:
    submitted()
    job = take_job(broker).model_copy(update={"token": "a-token-that-nobody-gave-out"})
    record_stage(stage_of(job, worker="a:1"))
    assert not Worker.objects.exists()


def test_hearing_of_a_worker_again_renews_it() -> None:
    record_worker(there("a:1"))
    Worker.objects.update(seen_at=timezone.now() - timedelta(seconds=20))
    record_worker(there("a:1"))
    assert Worker.objects.get().seen_at > timezone.now() - timedelta(seconds=5)

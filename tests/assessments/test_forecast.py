"""What those who wait are told is what happens."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from redis import Redis

from assessments.models import Grading, User, Worker
from assessments.services import place_of, record_stage, record_verdict
from assessments.services.fairness import Job
from assessments.services.forecast import Line, Place, play, typical_seconds
from grader.contract import Failure, GradingJob
from tests.cast.queues import jobs_in, stage_of, take_job, verdict_of

Submitted = Callable[..., Grading]


class Site:
    """A simulated site: learners, workers, and jobs that take their time, served for real."""

    def __init__(self, seed: int, workers: int) -> None:
        self.draw = random.Random(seed)
        self.workers = workers
        self.jobs = [Job(n, self.draw.randint(1, 6)) for n in range(30)]
        self.seconds = {job: self.draw.choice([1.0, 3.0, 12.0, 14.0]) for job in self.jobs}

    def expected(self, job: Job) -> float:
        return 7.5  # the mean of what is drawn

    def line(self) -> Line:
        return Line(self.workers, waiting=list(self.jobs))

    def starts(self) -> dict[Job, tuple[int, float]]:
        """Serve all and return at which place and when each began."""
        told = {}
        for job in self.jobs:
            place = play(self.line(), job.pk, lambda job: self.seconds[job])
            assert place is not None
            assert place.seconds is not None
            told[job] = (place.position, place.seconds)
        return told


def test_a_job_that_does_not_wait_has_no_place() -> None:
    assert play(Line(1, running={Job(1, 1): 3.0}), 1, lambda job: 5.0) is None


def test_the_wait_is_what_runs_and_what_is_before() -> None:
    line = Line(1, running={Job(1, 1): 4.0}, queued=[Job(2, 2)], waiting=[Job(3, 1)])
    assert play(line, 2, lambda job: 10.0) == Place(1, 4.0)
    assert play(line, 3, lambda job: 10.0) == Place(2, 14.0)


def test_two_workers_halve_the_wait() -> None:
    jobs = [Job(n, n) for n in range(9)]
    one = play(Line(1, queued=jobs), 8, lambda job: 10.0)
    two = play(Line(2, queued=jobs), 8, lambda job: 10.0)
    assert one == Place(9, 80.0)
    assert two == Place(9, 40.0)


def test_what_rests_joins_the_line_when_its_rest_ends() -> None:
    line = Line(1, queued=[Job(1, 1)], resting={Job(2, 2): 3.0}, waiting=[Job(3, 1), Job(4, 1)])
    assert play(line, 2, lambda job: 5.0) == Place(2, 5.0)
    assert play(line, 3, lambda job: 5.0) == Place(3, 10.0)


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_expected_wait_is_right_within_a_factor_of_two(workers: int) -> None:
    ratios = []
    for seed in range(12):
        site = Site(seed, workers)
        for job, (_, real) in site.starts().items():
            told = play(site.line(), job.pk, site.expected)
            assert told is not None
            assert told.seconds is not None
            if real >= 20:
                ratios.append(told.seconds / real)
    within = sum(0.5 <= ratio <= 2 for ratio in ratios)
    assert len(ratios) > 100
    assert within / len(ratios) >= 0.95


class Queue:
    """The real queue: what is sent goes to a real broker, and a worker takes it from there."""

    def __init__(
        self,
        broker: Redis,
        submitted: Submitted,
        commit: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        self.broker, self.submitted, self.commit = broker, submitted, commit

    def places(self) -> dict[str, int]:
        told = {}
        for grading in Grading.objects.filter(state=Grading.State.QUEUED):
            place = place_of(grading)
            assert place is not None
            told[str(grading.pk)] = place.position
        return told

    def start(self) -> GradingJob:
        job = take_job(self.broker)
        with self.commit(execute=True):
            assert record_stage(stage_of(job))
        return job

    def finish(self, job: GradingJob) -> None:
        with self.commit(execute=True):
            assert record_verdict(verdict_of(job, Failure.WRONG_PAIRS))


@pytest.fixture
def queue(
    broker: Redis,
    submitted: Submitted,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    settings: Settings,
) -> Queue:
    settings.SUBMISSIONS_PER_MINUTE = 1_000
    return Queue(broker, submitted, django_capture_on_commit_callbacks)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_the_order_told_is_the_order_served(
    queue: Queue, learner: User, teammate: User, classmate: Callable[[str], User], seed: int
) -> None:
    draw = random.Random(seed)
    people = [learner, teammate, classmate("third")]
    for _ in range(12):
        queue.submitted(draw.choice(people))
    running = queue.start()
    told = queue.places()
    assert sorted(told.values()) == list(range(1, 12))
    order = []
    while told.keys() - order:
        queue.finish(running)
        running = queue.start()
        order.append(running.job)
    assert order == sorted(told, key=lambda job: told[job])


@pytest.mark.django_db
def test_fifty_of_one_learner_leave_anothers_first_next_in_line(
    queue: Queue, teammate: User
) -> None:
    for _ in range(50):
        queue.submitted()
    running = queue.start()
    theirs = queue.submitted(teammate)
    place = place_of(theirs)
    assert place is not None
    assert place.position == 1
    queue.finish(running)
    assert queue.start().job == str(theirs.pk)


@pytest.mark.django_db
def test_a_lone_submission_is_with_the_broker_at_once(queue: Queue) -> None:
    grading = queue.submitted()
    assert [job.job for job in jobs_in(queue.broker)] == [str(grading.pk)]


@pytest.mark.django_db
def test_as_many_are_sent_as_workers_have_been_heard_of_lately(queue: Queue) -> None:
    now = timezone.now()
    for number, age in enumerate([1, 20, 40]):
        Worker.objects.create(name=f"w{number}", device="cpu", seen_at=now - timedelta(seconds=age))
    for _ in range(5):
        queue.submitted()
    assert len(jobs_in(queue.broker)) == 2


def measured(grading: Grading, seconds: float) -> None:
    now = timezone.now()
    Grading.objects.filter(pk=grading.pk).update(
        state=Grading.State.DONE,
        passed=False,
        failure="wrong_pairs",
        started_at=now - timedelta(seconds=seconds),
        finished_at=now,
    )
    cache.clear()


@pytest.mark.django_db
def test_the_wait_comes_from_what_such_jobs_took_lately(
    queue: Queue, teammate: User, classmate: Callable[[str], User]
) -> None:
    for seconds in (9, 10, 11):
        measured(queue.submitted(teammate), seconds)
    queue.broker.flushdb()
    Worker.objects.create(name="w", device="cpu", seen_at=timezone.now())
    queue.submitted()
    waits = queue.submitted(classmate("third"))
    assert typical_seconds("cpu")[None] == pytest.approx(10, abs=0.1)
    queue.start()
    place = place_of(waits)
    assert place is not None
    assert place.position == 1
    assert place.seconds == pytest.approx(10, abs=1)


@pytest.mark.django_db
def test_without_a_worker_or_a_measurement_the_place_is_told_and_no_wait(queue: Queue) -> None:
    waits = queue.submitted()
    assert place_of(waits) == Place(1, None)
    Worker.objects.create(name="w", device="cpu", seen_at=timezone.now())
    assert place_of(waits) == Place(1, None)
    Worker.objects.all().delete()
    measured(queue.submitted(source=b"other"), 9)
    assert place_of(waits) == Place(1, None)


@pytest.mark.django_db
def test_a_grading_that_is_done_has_no_place(queue: Queue) -> None:
    grading = queue.submitted()
    queue.finish(queue.start())
    grading.refresh_from_db()
    assert place_of(grading) is None


@pytest.mark.django_db
def test_devices_have_queues_of_their_own(queue: Queue, teammate: User) -> None:
    other, grading = queue.submitted(), queue.submitted(teammate)
    Grading.objects.filter(pk=other.pk).update(device="cuda")
    assert place_of(grading) == Place(1, None)

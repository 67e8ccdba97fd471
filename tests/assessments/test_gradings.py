"""What grading machines report, and what is made of it."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from redis import Redis

from assessments.models import Grading
from assessments.services import record_stage, record_verdict
from assessments.services.jobs import LEASE
from grader.contract import Evidence, Failure, GradingJob
from tests.cast.queues import stage_of, take_job, verdict_of

pytestmark = pytest.mark.django_db

Submitted = Callable[..., Grading]


def forged(job: GradingJob) -> GradingJob:
    return job.model_copy(update={"token": "a-token-that-nobody-gave-out"})


def test_a_stage_starts_the_grading_and_renews_its_lease(
    submitted: Submitted, broker: Redis
) -> None:
    grading = submitted()
    Grading.objects.update(lease_until=timezone.now())
    assert record_stage(stage_of(take_job(broker), "timing", done=7, total=63))
    grading.refresh_from_db()
    assert (grading.state, grading.stage) == (Grading.State.RUNNING, "timing")
    assert (grading.stage_done, grading.stage_total) == (7, 63)
    assert grading.started_at is not None
    assert grading.lease_until > timezone.now() + LEASE / 2


def test_later_stages_do_not_move_the_start(submitted: Submitted, broker: Redis) -> None:
    grading, job = submitted(), take_job(broker)
    record_stage(stage_of(job))
    grading.refresh_from_db()
    began = grading.started_at
    record_stage(stage_of(job, "pairs"))
    grading.refresh_from_db()
    assert grading.started_at == began


def test_a_verdict_is_recorded_whole(submitted: Submitted, broker: Redis) -> None:
    grading = submitted()
    assert record_verdict(verdict_of(take_job(broker)))
    grading.refresh_from_db()
    assert (grading.state, grading.passed, grading.failure) == (Grading.State.DONE, True, "")
    assert grading.verdict["checks"][0]["name"] == "correctness"
    assert grading.finished_at is not None


def test_of_two_verdicts_the_first_stays(submitted: Submitted, broker: Redis) -> None:
    grading, job = submitted(), take_job(broker)
    assert record_verdict(verdict_of(job, Failure.WRONG_PAIRS))
    assert not record_verdict(verdict_of(job))
    grading.refresh_from_db()
    assert grading.failure == "wrong_pairs"


def test_a_stage_after_the_verdict_changes_nothing(submitted: Submitted, broker: Redis) -> None:
    grading, job = submitted(), take_job(broker)
    record_verdict(verdict_of(job))
    assert not record_stage(stage_of(job, "growth"))
    grading.refresh_from_db()
    assert grading.is_done


@pytest.mark.parametrize("report", [verdict_of, stage_of])
def test_a_report_with_another_token_changes_nothing(
    submitted: Submitted, broker: Redis, report: Callable[[GradingJob], str]
) -> None:
    grading, job = submitted(), forged(take_job(broker))
    assert not record_verdict(report(job))
    assert not record_stage(report(job))
    grading.refresh_from_db()
    assert grading.state == Grading.State.QUEUED


@pytest.mark.parametrize(
    "payload", ["", "{}", "null", "not json", '{"job": "1"}', None, 7, ["x"], "\0", "[" * 10_000]
)
def test_what_is_no_message_is_dropped(db: None, payload: str) -> None:
    assert not record_stage(payload)
    assert not record_verdict(payload)


@pytest.mark.parametrize("name", ["", "-1", "0", "1e3", "٣", "9" * 18, "9" * 60, "1; drop"])
def test_a_report_on_no_known_job_is_dropped(
    submitted: Submitted, broker: Redis, name: str
) -> None:
    submitted()
    job = take_job(broker).model_copy(update={"job": name})
    assert not record_stage(stage_of(job))


def test_a_verdict_on_another_exercise_is_dropped(submitted: Submitted, broker: Redis) -> None:
    grading = submitted()
    assert not record_verdict(verdict_of(take_job(broker), exercise="dense-causal"))
    grading.refresh_from_db()
    assert grading.state == Grading.State.QUEUED


def test_counts_beyond_any_column_are_cut(submitted: Submitted, broker: Redis) -> None:
    grading = submitted()
    assert record_stage(stage_of(take_job(broker), done=10**30, total=10**30))
    grading.refresh_from_db()
    assert grading.stage_total == 1_000_000


def test_null_characters_in_what_a_learner_printed_are_kept_as_replacements(
    submitted: Submitted, broker: Redis
) -> None:
    grading = submitted()
    told = Evidence(printed="a\0b \\u0000", traceback="\0")
    assert record_verdict(verdict_of(take_job(broker), Failure.CRASHED, evidence=told))
    grading.refresh_from_db()
    assert grading.verdict["evidence"]["printed"] == "a\N{REPLACEMENT CHARACTER}b \\u0000"


def test_a_failure_of_ours_is_not_told_but_put_back_for_later(
    submitted: Submitted, broker: Redis
) -> None:
    grading, job = submitted(), take_job(broker)
    record_stage(stage_of(job))
    assert record_verdict(verdict_of(job, Failure.UNAVAILABLE))
    grading.refresh_from_db()
    assert (grading.state, grading.stage, grading.verdict) == (Grading.State.QUEUED, "", None)
    assert grading.dispatched_at is None
    assert grading.lease_until > timezone.now()


def test_after_a_failure_of_ours_its_token_is_worth_nothing(
    submitted: Submitted, broker: Redis
) -> None:
    grading, job = submitted(), take_job(broker)
    record_verdict(verdict_of(job, Failure.UNAVAILABLE))
    assert not record_verdict(verdict_of(job))
    grading.refresh_from_db()
    assert not grading.is_done


def test_the_last_failure_of_ours_is_told_as_unavailable(
    submitted: Submitted, broker: Redis
) -> None:
    grading, job = submitted(), take_job(broker)
    Grading.objects.update(deliveries=4)
    assert record_verdict(verdict_of(job, Failure.UNAVAILABLE))
    grading.refresh_from_db()
    assert (grading.is_done, grading.failure) == (True, "unavailable")

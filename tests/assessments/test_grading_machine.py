"""Whatever happens on the way, a grading gets exactly one verdict, and never none."""

from datetime import timedelta

import hypothesis
import pytest
from django.test import TestCase
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from pytest_django import Settings
from redis import Redis

from assessments.models import Attempt, Grading
from assessments.services import record_stage, record_verdict, recover, submit_code
from assessments.services.jobs import MAX_DELIVERIES
from grader.contract import Failure, GradingJob
from tests.cast.queues import jobs_in, stage_of, take_job, verdict_of

pytestmark = pytest.mark.django_db

OUTCOMES = [None, Failure.WRONG_PAIRS, Failure.UNAVAILABLE]
ENDS = {"", "wrong_pairs", "unavailable"}
QUICK = hypothesis.settings(max_examples=25, stateful_step_count=15, deadline=None)


class Machine(RuleBasedStateMachine):
    """One submission, a broker that may forget, workers that may die, messages that come twice."""

    taken = Bundle("taken")

    def __init__(self, broker: Redis, attempt: Attempt) -> None:
        super().__init__()
        self.broker, self.attempt = broker, attempt
        self.ahead = timedelta(0)
        self.told: dict[str, object] | None = None

    @initialize()
    def submit(self) -> None:
        with TestCase.captureOnCommitCallbacks(execute=True):
            self.grading = submit_code(self.attempt.learner, self.attempt, b"pass").grading

    def teardown(self) -> None:
        """Let the world calm down: with a worker that answers, there is a verdict."""
        for _ in range(2 * MAX_DELIVERIES):
            self.sweep_later(60)
            while jobs_in(self.broker):
                record_verdict(verdict_of(take_job(self.broker)))
        assert Grading.objects.get(pk=self.grading.pk).is_done
        self.broker.flushdb()

    @rule(target=taken)
    def a_worker_takes_a_job(self) -> GradingJob | object:
        return take_job(self.broker) if jobs_in(self.broker) else multiple()

    @rule()
    def the_broker_forgets(self) -> None:
        self.broker.flushdb()

    @rule(job=taken)
    def a_stage_comes(self, job: GradingJob) -> None:
        record_stage(stage_of(job))

    @rule(job=taken, outcome=st.sampled_from(OUTCOMES), times=st.integers(1, 2))
    def a_verdict_comes(self, job: GradingJob, outcome: Failure | None, times: int) -> None:
        for _ in range(times):
            record_verdict(verdict_of(job, outcome))

    @rule(job=taken, outcome=st.sampled_from(OUTCOMES))
    def a_forged_verdict_comes(self, job: GradingJob, outcome: Failure | None) -> None:
        before = self.row()
        forged = job.model_copy(update={"token": "a-token-of-somebody-else"})
        assert not record_verdict(verdict_of(forged, outcome))
        assert self.row() == before

    @rule(seconds=st.sampled_from([0, 2, 20, 60]))
    def sweep_later(self, seconds: int) -> None:
        with TestCase.captureOnCommitCallbacks(execute=True):
            self.ahead += timedelta(seconds=seconds)
            recover(timezone.now() + self.ahead)

    def row(self) -> dict[str, object]:
        return Grading.objects.values().get(pk=self.grading.pk)

    @invariant()
    def what_was_told_stays(self) -> None:
        if not hasattr(self, "grading"):
            return
        row = self.row()
        assert self.told in (None, row)
        if row["state"] == Grading.State.DONE:
            assert row["failure"] in ENDS
            self.told = row

    @invariant()
    def deliveries_are_bounded(self) -> None:
        if hasattr(self, "grading"):
            assert self.row()["deliveries"] <= MAX_DELIVERIES


def test_every_grading_gets_one_verdict_whatever_happens(
    broker: Redis, code_attempt: Attempt, settings: Settings
) -> None:
    settings.SUBMISSIONS_PER_MINUTE = 10_000
    run_state_machine_as_test(lambda: Machine(broker, code_attempt), settings=QUICK)

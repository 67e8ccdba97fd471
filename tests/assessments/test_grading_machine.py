"""Whatever happens on the way, every grading gets exactly one verdict, and never none."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

import hypothesis
import pytest
from django.db.models import QuerySet
from django.test import TestCase
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from pytest_django import Settings
from redis import Redis

from assessments.models import Attempt, Grading, Submission, User
from assessments.services import (
    NotNowError,
    attempt_for,
    record_hand_on,
    record_stage,
    record_verdict,
    recover,
    regrade,
    submit_code,
)
from assessments.services.jobs import MAX_DELIVERIES
from grader.contract import Failure, GradingJob
from tests.cast.queues import code, hand_on_of, jobs_in, stage_of, take_job, verdict_of

pytestmark = pytest.mark.django_db

OUTCOMES = [None, Failure.WRONG_PAIRS, Failure.UNAVAILABLE, Failure.INCONCLUSIVE]
ENDS = {"", "wrong_pairs", "unavailable", "inconclusive"}
CAP = 3
QUICK = hypothesis.settings(max_examples=25, stateful_step_count=20, deadline=None)


class Machine(RuleBasedStateMachine):
    """Learners who submit, a broker that may forget, workers that may die, messages in any order.

    No worker tells its name, so one is assumed: of each learner one job is with the broker.
    """

    taken = Bundle("taken")
    numbers = iter(range(10**9))

    def __init__(self, broker: Redis, attempts: list[Attempt]) -> None:
        super().__init__()
        self.broker, self.attempts = broker, attempts
        self.ahead = timedelta(0)
        self.told: dict[int, dict[str, object]] = {}
        self.submissions: list[Submission] = []

    def teardown(self) -> None:
        """Let the world calm down: with a worker that answers, there is a verdict on everything."""
        for _ in range(MAX_DELIVERIES + len(self.submissions) + CAP):
            self.sweep_later(700)
            while jobs_in(self.broker):
                with TestCase.captureOnCommitCallbacks(execute=True):
                    record_verdict(verdict_of(take_job(self.broker)))
        assert not self.mine().exclude(state=Grading.State.DONE).exists()
        self.what_was_told_stays()
        self.broker.flushdb()

    def mine(self) -> QuerySet[Grading]:
        return Grading.objects.filter(submission__in=self.submissions)

    @rule(whose=st.integers(0, 1))
    def somebody_submits(self, whose: int) -> None:
        attempt = self.attempts[whose]
        with TestCase.captureOnCommitCallbacks(execute=True):
            self.submissions.append(submit_code(attempt.learner, attempt, code(next(self.numbers))))

    @rule(which=st.integers(0, 10))
    def somebody_asks_for_a_regrade(self, which: int) -> None:
        if self.submissions:
            asked = self.submissions[which % len(self.submissions)]
            with TestCase.captureOnCommitCallbacks(execute=True), suppress(NotNowError):
                regrade(asked)

    @rule(target=taken)
    def a_worker_takes_a_job(self) -> GradingJob | object:
        return take_job(self.broker) if jobs_in(self.broker) else multiple()

    @rule()
    def the_broker_forgets(self) -> None:
        self.broker.flushdb()

    @rule(job=taken)
    def a_stage_comes(self, job: GradingJob) -> None:
        record_stage(stage_of(job))

    @rule(job=taken)
    def a_worker_hands_on(self, job: GradingJob) -> None:
        with TestCase.captureOnCommitCallbacks(execute=True):
            record_hand_on(hand_on_of(job, worker=""))

    @rule(job=taken, outcome=st.sampled_from(OUTCOMES), times=st.integers(1, 2))
    def a_verdict_comes(self, job: GradingJob, outcome: Failure | None, times: int) -> None:
        with TestCase.captureOnCommitCallbacks(execute=True):
            for _ in range(times):
                record_verdict(verdict_of(job, outcome))

    @rule(job=taken, outcome=st.sampled_from(OUTCOMES))
    def a_forged_message_comes(self, job: GradingJob, outcome: Failure | None) -> None:
        before = list(self.mine().values())
        forged = job.model_copy(update={"token": "a-token-of-somebody-else"})
        assert not record_verdict(verdict_of(forged, outcome))
        assert not record_hand_on(hand_on_of(forged))
        assert list(self.mine().values()) == before

    @rule(seconds=st.sampled_from([0, 2, 20, 60]))
    def sweep_later(self, seconds: int) -> None:
        with TestCase.captureOnCommitCallbacks(execute=True):
            self.ahead += timedelta(seconds=seconds)
            recover(timezone.now() + self.ahead)

    @invariant()
    def what_was_told_stays(self) -> None:
        for row in self.mine().filter(state=Grading.State.DONE).values():
            assert row["failure"] in ENDS
            told = {name: value for name, value in row.items() if name != "counts"}
            assert self.told.setdefault(row["id"], told) == told

    @invariant()
    def one_grading_counts_and_retries_and_deliveries_are_bounded(self) -> None:
        counting = Counter(self.mine().filter(counts=True).values_list("submission", flat=True))
        assert counting == Counter(submission.pk for submission in self.submissions)
        assert not self.mine().filter(deliveries__gt=MAX_DELIVERIES).exists()
        assert not self.mine().filter(retry__gt=CAP).exists()

    @invariant()
    def of_each_learner_one_job_is_sent(self) -> None:
        sent = self.mine().filter(dispatched_at__isnull=False, kind=Grading.Kind.LIVE)
        unfinished = sent.exclude(state=Grading.State.DONE)
        each = Counter(unfinished.values_list("submission__attempt__learner", flat=True))
        assert max(each.values(), default=0) <= 1


def test_every_grading_gets_one_verdict_whatever_happens(
    broker: Redis, code_attempt: Attempt, teammate: User, settings: Settings
) -> None:
    settings.SUBMISSIONS_PER_MINUTE = 10_000
    attempts = [code_attempt, attempt_for(teammate, code_attempt.question)]
    run_state_machine_as_test(lambda: Machine(broker, attempts), settings=QUICK)

"""Whatever happens in whatever order, no answer that was received in time is lost."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assessments.models import Assessment, Attempt, Course, Sitting, User
from assessments.services import (
    SittingOverError,
    SubmittedBeforeError,
    TooManySubmissionsError,
    begin,
    hand_in,
    reschedule,
    submit_code,
    sweep,
)
from tests.cast.sittings import assessment, save

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
START = timezone.now()
CODE = "def attention(q, k, v, window):\n    return {} * v\n"
TEXTS = {0: ("choice", ["0", "1", ""]), 1: ("number", ["1", "17", "many", ""])}


class Life(RuleBasedStateMachine):
    """One sitting of an hour with a minute of grace, its learner, an instructor, and the clock."""

    course: Course
    learner: User
    monkeypatch: pytest.MonkeyPatch

    @initialize()
    def begins(self) -> None:
        self.now = START
        self.monkeypatch.setattr(timezone, "now", lambda: self.now)
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.exam = assessment(self.course, "which-cut", "keys-seen", "sliding-window")
        self.sitting = begin(self.learner, self.exam)
        self.factor, self.minutes = Decimal(1), 60
        self.received: dict[int, str] = {}
        self.submitted: list[bytes] = []
        self.draft = ""
        self.ended = False

    def teardown(self) -> None:
        try:
            self.settle()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @property
    def due(self) -> datetime:
        closes = self.exam.opens_at + (self.exam.closes_at - self.exam.opens_at) * float(
            self.factor
        )
        return min(self.sitting.started_at + self.minutes * MINUTE * float(self.factor), closes)

    @property
    def grace(self) -> timedelta:
        return MINUTE * float(self.factor)

    def attempt(self, place: int) -> Attempt:
        return self.sitting.attempts.select_related("sitting", "version", "question").get(
            place=place
        )

    @rule(minutes=st.integers(0, 25), seconds=st.integers(0, 59))
    def time_passes(self, minutes: int, seconds: int) -> None:
        self.now += timedelta(minutes=minutes, seconds=seconds)

    @rule(seconds=st.sampled_from([-1, 0, 1, 30, 60, 61, 120, 121]))
    def time_passes_to_the_end(self, seconds: int) -> None:
        self.now = max(self.now, self.due + timedelta(seconds=seconds))

    @rule(place=st.sampled_from([0, 1]), data=st.data())
    def answers(self, place: int, data: st.DataObject) -> None:
        field, texts = TEXTS[place]
        text = data.draw(st.sampled_from(texts))
        save(self.attempt(place), {field: text}, self.now)
        if not self.ended and self.now <= self.due + self.grace:
            self.received[place] = text

    @rule(number=st.integers(1, 5))
    def drafts(self, number: int) -> None:
        save(self.attempt(2), {"source": CODE.format(number)}, self.now)
        if not self.ended and self.now <= self.due + self.grace:
            self.draft = CODE.format(number)

    @rule(number=st.integers(1, 30))
    def submits(self, number: int) -> None:
        source = CODE.format(number).encode()
        try:
            submit_code(self.learner, self.attempt(2), source)
        except SittingOverError:
            assert self.ended or self.now > self.due
        except (SubmittedBeforeError, TooManySubmissionsError):
            pass
        else:
            assert not self.ended
            assert self.now <= self.due
            self.submitted.append(source)

    @rule(factor=st.sampled_from([Decimal(1), Decimal("1.5"), Decimal(2)]))
    def accommodation_changes(self, factor: Decimal) -> None:
        told = {"factor": factor, "given_by": self.learner, "given_at": self.now}
        given, _made = self.learner.accommodations.update_or_create(
            course=self.course, assessment=None, defaults=told
        )
        reschedule(given)
        if not self.ended:
            self.factor = factor

    @rule(minutes=st.integers(30, 90))
    def times_change(self, minutes: int) -> None:
        Assessment.objects.filter(pk=self.exam.pk).update(minutes=minutes)
        self.exam.minutes = minutes
        reschedule(self.exam)
        if not self.ended:
            self.minutes = minutes

    @rule()
    def is_swept(self) -> None:
        swept = sweep(self.now)
        assert swept == (not self.ended and self.now > self.due + self.grace)
        self.ended |= bool(swept)

    @precondition(lambda self: not self.ended)
    @rule()
    def hands_in(self) -> None:
        done = hand_in(self.sitting, now=self.now)
        assert done.by_clock == (self.now > self.due + self.grace)
        self.ended = True

    @rule()
    def opens_it_again(self) -> None:
        if not self.ended and self.now <= self.due + self.grace:
            assert begin(self.learner, self.exam) == self.sitting

    def settle(self) -> None:
        """End it, and look whether all that came in time is there."""
        hand_in(self.sitting, now=self.now)
        assert Sitting.objects.get(pk=self.sitting.pk).handed_in_at is not None
        for place, (field, _texts) in TEXTS.items():
            kept = [one.answer for one in self.attempt(place).responses.all()]
            text = self.received.get(place, "")
            assert kept == ([{field: text}] if text else [])
        sources = [bytes(one.source) for one in self.attempt(2).submissions.order_by("number")]
        drafted = [self.draft.encode()] if self.draft and not self.submitted else []
        assert sources == self.submitted + drafted


def test_no_answer_received_in_time_is_lost(
    course: Course, learner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    members: dict[str, Any] = {"course": course, "learner": learner, "monkeypatch": monkeypatch}
    machine = type("Machine", (Life,), members)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=100,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

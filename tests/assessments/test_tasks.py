"""Names and queues by which the grading machines reach the web side."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments import tasks
from assessments.models import Repeatable, User
from config.celery import app
from grader import dispatch


def test_the_tasks_have_the_names_that_grading_machines_send_to() -> None:
    assert tasks.record_stage.name == dispatch.RECORD_STAGE
    assert tasks.record_verdict.name == dispatch.RECORD_VERDICT
    assert tasks.record_hand_on.name == dispatch.RECORD_HAND_ON
    assert tasks.record_worker.name == dispatch.RECORD_WORKER
    assert {dispatch.RECORD_STAGE, dispatch.RECORD_VERDICT} <= set(app.tasks)
    assert {dispatch.RECORD_HAND_ON, dispatch.RECORD_WORKER} <= set(app.tasks)


@pytest.mark.parametrize(
    ("task", "seconds"), [(tasks.recover, 2), (tasks.sweep, 5), (tasks.forget_repeats, 3600)]
)
def test_each_sweep_is_scheduled_and_does_not_pile_up(task: Any, seconds: int) -> None:
    (entry,) = (one for one in app.conf.beat_schedule.values() if one["task"] == task.name)
    assert entry["schedule"] <= seconds
    assert entry["options"]["expires"] <= entry["schedule"]
    assert app.conf.task_default_queue == dispatch.WEB_QUEUE


def test_what_is_no_message_costs_the_task_nothing(db: None) -> None:
    tasks.record_stage("{}")
    tasks.record_verdict("{}")
    tasks.record_hand_on("{}")
    tasks.record_worker("{}")


@pytest.mark.django_db
def test_answers_to_repeated_requests_are_forgotten_after_a_day(learner: User) -> None:
    now = timezone.now()
    for hours in (23, 25):
        Repeatable.objects.create(
            user=learner, key=str(hours), route="POST /", body_digest="",
            created_at=now - timedelta(hours=hours),
        )  # fmt: skip
    tasks.forget_repeats()
    assert list(Repeatable.objects.values_list("key", flat=True)) == ["23"]

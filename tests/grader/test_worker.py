"""The grading worker: its reports, and jobs that it hands on."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
from kombu.exceptions import OperationalError

from grader import dispatch, worker
from grader.contract import (
    Failure,
    GradingJob,
    HandOnMessage,
    StageMessage,
    Verdict,
    VerdictMessage,
    WorkerMessage,
)
from grader.exercises import EXERCISES
from grader.gate import Gate, Reading
from grader.worker import Reporter, noise, worker_name
from sandbox.wire import SandboxUnavailable
from tests.grader.test_contract import EXERCISE

JOB = GradingJob(job="7", token="t" * 32, source_base64="cGFzcw==", exercise=EXERCISE)


def test_a_new_stage_is_reported_at_once() -> None:
    sent: list[StageMessage] = []
    report = Reporter(JOB, sent.append)
    report("preparing")
    report("correctness", 0, 9)
    assert [message.stage for message in sent] == ["preparing", "correctness"]
    assert {message.token for message in sent} == {JOB.token}


def test_a_thousand_small_steps_do_not_flood_the_broker() -> None:
    sent: list[StageMessage] = []
    report = Reporter(JOB, sent.append)
    for step in range(1000):
        report("timing", step, 1000)
    assert len(sent) <= 3


def test_a_lease_that_is_fresh_is_not_renewed() -> None:
    sent: list[StageMessage] = []
    report = Reporter(JOB, sent.append)
    report("pairs")
    report.renew()
    assert len(sent) == 1


def test_every_report_names_the_worker() -> None:
    sent: list[StageMessage] = []
    Reporter(JOB, sent.append, "machine:7")("pairs")
    assert [message.worker for message in sent] == ["machine:7"]


def test_a_worker_is_not_named_after_the_machine_that_may_be_named_after_a_person() -> None:
    worker_name.cache_clear()
    assert socket.gethostname() not in worker_name()
    assert worker_name().endswith(f":{os.getpid()}")


def test_an_operator_may_name_the_workers_of_a_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKER_NAME", "rack-3")
    worker_name.cache_clear()
    try:
        assert worker_name() == f"rack-3:{os.getpid()}"
    finally:
        worker_name.cache_clear()


def test_a_worker_says_that_it_is_there_until_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[WorkerMessage] = []
    ended = threading.Event()

    def send(_: object, message: WorkerMessage) -> None:
        told.append(message)
        if len(told) == 1:
            raise OperationalError("the broker is away for a moment")
        ended.set()

    monkeypatch.setattr(worker, "_PRESENCE_SECONDS", 0.01)
    monkeypatch.setattr(dispatch, "send_worker", send)
    worker.tell_presence("cpu", ended)
    assert told == [WorkerMessage(worker=worker_name(), device="cpu")] * 2


def test_a_worker_takes_jobs_of_its_own_device_alone() -> None:
    assert worker.queue_fault("cuda", ["grade.gpu"]) == ""
    assert "should take jobs from grade.gpu" in worker.queue_fault("cuda", ["grade.cpu"])
    assert worker.queue_fault("cpu", ["grade.cpu", "grade.gpu"])


@pytest.mark.parametrize(("device", "queue"), [("cpu", "grade.cpu"), ("cuda", "grade.gpu")])
def test_the_device_alone_decides_the_queue_where_none_is_named(device: str, queue: str) -> None:
    program = "from grader.worker import app; print(*app.amqp.queues)"
    told = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"SPARRING_DEVICE": device},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == [queue]


NOISY = Reading(low=0.8, median=1.0, high=1.2)
TIMED = JOB.model_copy(update={"exercise": EXERCISES["sliding-window"]})
UNTIMED = JOB.model_copy(update={"exercise": EXERCISES["dense-causal"]})


def _never() -> Reading:
    raise AssertionError("the machine was looked at for nothing")


def test_a_noisy_machine_does_not_judge_what_is_timed() -> None:
    assert noise(TIMED, Gate(), lambda: NOISY) is NOISY


def test_what_is_not_timed_is_judged_on_any_machine() -> None:
    assert noise(UNTIMED, Gate(), _never) is None


def test_a_job_handed_on_three_times_is_judged_on_any_machine() -> None:
    assert noise(TIMED.model_copy(update={"handed_on": 2}), Gate(), lambda: NOISY) is NOISY
    assert noise(TIMED.model_copy(update={"handed_on": 3}), Gate(), _never) is None


def test_a_machine_without_a_sandbox_says_so_by_a_verdict() -> None:
    def broken() -> Reading:
        raise SandboxUnavailable("none here")

    assert noise(TIMED, Gate(), broken) is None


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Catch what a worker without sandboxes and broker sends, on a noisy machine."""
    sent: list[object] = []

    def keep(_: object, message: object) -> None:
        sent.append(message)

    for name in ("send_stage", "send_verdict", "send_hand_on"):
        monkeypatch.setattr(dispatch, name, keep)
    fresh = Gate()
    monkeypatch.setattr(worker, "_gate", lambda: fresh)
    monkeypatch.setattr(worker, "_pool", lambda: None)
    monkeypatch.setattr(worker, "look", lambda *_: NOISY)
    monkeypatch.setattr(worker, "_REST_SECONDS", 0.0)
    return sent


def _of(kind: type, sent: list[object]) -> list[object]:
    return [message for message in sent if isinstance(message, kind)]


def test_a_worker_hands_a_job_on_with_its_token_and_the_reason(messages: list[object]) -> None:
    worker.grade_job(TIMED.model_dump_json())
    [handed] = _of(HandOnMessage, messages)
    assert isinstance(handed, HandOnMessage)
    assert (handed.job, handed.token) == (TIMED.job, TIMED.token)
    assert "between 0.800 and 1.200" in handed.reason
    assert handed.worker == worker_name()
    assert not _of(VerdictMessage, messages)


def test_after_an_inconclusive_verdict_the_machine_is_looked_at_again(
    messages: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    monkeypatch.setattr(worker, "look", _counted(looks))
    monkeypatch.setattr(worker, "grade", lambda job, *_, **__: _verdict(job, "inconclusive"))
    worker.grade_job(TIMED.model_dump_json())
    worker.grade_job(TIMED.model_dump_json())
    assert len(looks) == 2
    monkeypatch.setattr(worker, "grade", lambda job, *_, **__: _verdict(job, "too_slow"))
    worker.grade_job(TIMED.model_dump_json())
    worker.grade_job(TIMED.model_dump_json())
    assert len(looks) == 3
    assert len(_of(VerdictMessage, messages)) == 4


def _counted(looks: list[int]) -> Callable[..., Reading]:
    def look(*_: object) -> Reading:
        looks.append(1)
        return Reading(low=0.99, median=1.0, high=1.01)

    return look


def _verdict(job: GradingJob, failure: str) -> Verdict:
    return Verdict(
        exercise=job.exercise.slug,
        passed=False,
        failure=Failure(failure),
        message="told",
        device="cpu",
        seconds=1.0,
    )


BARRED = """
import sys
for name in ("django", "psycopg", "sqlite3", "config", "assessments", "question_bank"):
    sys.modules[name] = None  # importing it fails, as on a machine that does not have it
import grader.worker
print("imported")
"""


def test_the_grading_worker_runs_where_there_is_neither_django_nor_a_database() -> None:
    told = subprocess.run([sys.executable, "-c", BARRED], capture_output=True, text=True)
    assert told.stdout.strip() == "imported", told.stderr

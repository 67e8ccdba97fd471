"""The grading worker's reports."""

import subprocess
import sys

from grader.contract import GradingJob, StageMessage
from grader.worker import Reporter
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

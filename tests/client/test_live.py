"""``sparring submit`` as a process, against the real server."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from assessments.models import Scope, Submission, User
from assessments.services.tokens import make_token
from grader.contract import Failure, Verdict
from tests.assessments.web import verdicts
from tests.client.servers import losing_answers

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
WRONG = verdicts.failed(Failure.WRONG_PAIRS, "One key too many.", verdicts.PAIRS)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text("def attention(q, k, v, window):\n    return v\n")
    return path


@pytest.fixture
def token(request: pytest.FixtureRequest, learner: User) -> str:
    if given := getattr(request, "param", None):
        return str(given)
    scopes = [Scope.WORK_READ, Scope.WORK_WRITE]
    return make_token(learner, "terminal", scopes, 1)[1]


def sparring(server: str, token: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "SPARRING_URL": server, "SPARRING_TOKEN": token, "NO_PROXY": "*", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "client.main", "submit", *map(str, arguments)],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@contextmanager
def judging(verdict: Verdict) -> Iterator[None]:
    """Judge the next submission as a grading machine does: it takes its time."""

    def judge() -> None:
        end = time.monotonic() + 30
        while not (kept := Submission.objects.first()) and time.monotonic() < end:
            time.sleep(0.05)
        if kept is not None:
            kept.gradings.update(state="running", stage="timing", stage_done=1, stage_total=8)
            time.sleep(1.5)
            verdicts.record(kept, verdict)
        connection.close()

    thread = threading.Thread(target=judge)
    thread.start()
    yield
    thread.join()


@pytest.mark.parametrize(("verdict", "status"), [(verdicts.passed(), 0), (WRONG, 1)])
def test_it_waits_shows_how_far_it_is_and_prints_the_verdict(
    live_server: Any, token: str, file: Path, verdict: Verdict, status: int
) -> None:
    with judging(verdict):
        done = sparring(
            live_server.url, token, file, "--exercise", "sliding-window", "--wait", "--json"
        )
    assert done.returncode == status, done.stderr
    assert "timing 1 of 8" in done.stderr
    told = json.loads(done.stdout)
    for name in ("exercise", "passed", "failure", "message", "checks", "device", "seconds"):
        assert told[name] == verdict.model_dump(mode="json")[name]


def test_answers_that_are_lost_do_not_submit_twice(
    live_server: Any, token: str, file: Path
) -> None:
    with losing_answers(live_server.url, 2) as server, judging(verdicts.passed()):
        done = sparring(server, token, file, "--exercise", "sliding-window", "--wait")
    assert done.returncode == 0, done.stderr
    assert "sliding-window: passed" in done.stdout
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(
    ("exercise", "token", "told"),
    [
        ("no-such", None, "There is no exercise 'no-such' for you."),
        ("which-cut", None, "question: This question is not answered by code."),
        ("sliding-window", "sparring_wrong", "This token is unknown, expired or revoked."),
    ],
    indirect=["token"],
)
def test_what_cannot_be_judged_is_told_in_one_line(
    live_server: Any, token: str, file: Path, exercise: str, told: str
) -> None:
    done = sparring(live_server.url, token, file, "--exercise", exercise, "--wait")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert told in done.stderr


def test_a_token_without_the_scope_is_told_which_it_lacks(
    live_server: Any, learner: User, file: Path
) -> None:
    narrow = make_token(learner, "narrow", [Scope.COURSES_READ], 1)[1]
    done = sparring(live_server.url, narrow, file, "--exercise", "sliding-window")
    assert done.returncode == 2
    assert "work:write" in done.stderr

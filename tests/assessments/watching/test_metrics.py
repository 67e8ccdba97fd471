"""Metrics: what is told to whom, and that it is so."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from assessments.journal import Entry
from assessments.models import Attempt, Grading, Worker
from assessments.services import figures, submit_code
from assessments.services.journal import record_entries
from assessments.services.outcomes import finish
from assessments.watching.metrics import OfDatabase
from grader.contract import Evidence, Failure, Verdict
from scripts.client import wait_for_server
from scripts.stack import ROOT, Service, free_port
from tests.assessments.watching.samples import Samples, samples, value
from tests.assessments.web import verdicts
from tests.cast.queues import code

TOKEN = "a-token-of-the-tests"


def read(client: Client) -> Samples:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return samples(answer.content.decode())


@pytest.fixture
def graded(code_attempt: Attempt) -> Grading:
    """A submission that has its verdict: too slow, judged in 6 s after 4 s in the queue."""
    submission = verdicts.submission(code_attempt)
    verdict = Verdict(
        exercise="sliding-window", passed=False, failure=Failure.TOO_SLOW, message="Too slow.",
        device="cpu", seconds=6.0,
        evidence=Evidence(stage_seconds={"candidate": 2.0, "waiting": 1.0, "forged": 9.0}),
    )  # fmt: skip
    now = timezone.now()
    Grading.objects.filter(submission=submission).update(
        created_at=now - timedelta(seconds=11), started_at=now - timedelta(seconds=7)
    )
    grading = Grading.objects.get(submission=submission)
    assert finish(grading, verdict, now)
    Grading.objects.update(handed_on=2, deliveries=3)
    return grading


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x"]
)
def test_with_a_token_nobody_reads_them_without_it(
    client: Client, settings: Settings, given: str
) -> None:
    settings.METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={"Authorization": given} if given else {})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert b"sparring_" not in answer.content


@pytest.mark.django_db
def test_the_token_opens_them_from_anywhere(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN, settings.HTTPS, settings.SECURE_SSL_REDIRECT = TOKEN, True, True
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = client.get("/metrics", headers=headers, REMOTE_ADDR="203.0.113.9")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["203.0.113.9", "10.0.0.1", "", "not an address", "::ffff:a"])
def test_without_a_token_no_other_machine_reads_them(client: Client, address: str) -> None:
    answer = client.get("/metrics", REMOTE_ADDR=address)
    assert answer.status_code == 403
    assert b"SPARRING_METRICS_TOKEN" in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Host"]
)
def test_who_comes_by_a_proxy_of_this_machine_is_not_taken_for_it(
    client: Client, header: str
) -> None:
    assert client.get("/metrics", headers={header: "203.0.113.9"}).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["HTTPS", "BEHIND_PROXY"])
def test_where_strangers_come_in_there_are_none_without_a_token(
    client: Client, settings: Settings, name: str
) -> None:
    setattr(settings, name, True)
    assert client.get("/metrics").status_code == 403


@pytest.mark.django_db
def test_verdicts_are_counted_by_failure(client: Client, graded: Grading) -> None:
    found = read(client)
    there = {"device": "cpu", "kind": "live"}
    assert value(found, "sparring_verdicts_total", **there, failure="too_slow") == 1
    assert value(found, "sparring_verdicts_total", **there, failure="passed") == 0
    assert value(found, "sparring_verdicts_total", **there, failure="unavailable") == 0
    assert value(found, "sparring_noise_refusals_total", device="cpu") == 2
    assert value(found, "sparring_redeliveries_total", device="cpu") == 2


@pytest.mark.django_db
def test_each_stage_tells_its_times(client: Client, graded: Grading) -> None:
    found = read(client)
    told = {
        stage: value(found, "sparring_stage_seconds_sum", device="cpu", stage=stage)
        for stage in ("waiting", "judging", "recording", "candidate", "device")
    }
    expected = {"waiting": 4, "judging": 6, "recording": 1, "candidate": 2, "device": 1}
    assert told == pytest.approx(expected)
    below = {"device": "cpu", "stage": "judging"}
    assert value(found, "sparring_stage_seconds_bucket", **below, le="5.0") == 0
    assert value(found, "sparring_stage_seconds_bucket", **below, le="10.0") == 1
    assert value(found, "sparring_stage_seconds_count", **below) == 1


@pytest.mark.django_db
def test_a_stage_that_a_grading_machine_makes_up_is_not_told(graded: Grading) -> None:
    assert set(graded.spent) == {"judging", "candidate", "device"}


@pytest.mark.django_db
def test_the_queue_tells_its_length_its_age_and_who_works_on_it(
    client: Client, code_attempt: Attempt
) -> None:
    for number in range(3):
        submit_code(code_attempt.learner, code_attempt, code(number))
    first = Grading.objects.order_by("pk")[0]
    Grading.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(seconds=90))
    Grading.objects.filter(pk=first.pk).update(dispatched_at=timezone.now())
    last = Grading.objects.order_by("-pk")[0]
    rest = timezone.now() + timedelta(seconds=60)
    Grading.objects.filter(pk=last.pk).update(lease_until=rest)
    Worker.objects.create(name="one:1", device="cpu", seen_at=timezone.now())
    gone = timezone.now() - timedelta(minutes=5)
    Worker.objects.create(name="two:2", device="cpu", seen_at=gone)
    found = read(client)
    states = {
        state: value(found, "sparring_queue_jobs", device="cpu", state=state)
        for state in figures.STATES
    }
    assert states == {"waiting": 1, "resting": 1, "sent": 1, "running": 0}
    assert value(found, "sparring_queue_oldest_seconds", device="cpu") == pytest.approx(90, abs=5)
    assert value(found, "sparring_queue_oldest_seconds", device="cuda") == 0
    assert value(found, "sparring_workers", device="cpu") == 1


@pytest.mark.django_db
def test_they_cost_four_queries_however_much_was_graded(
    graded: Grading, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):
        list(OfDatabase().collect())


@pytest.mark.django_db
def test_what_was_graded_on_another_day_is_not_read_again(graded: Grading) -> None:
    now = timezone.now()
    Grading.objects.update(finished_at=now - timedelta(days=1))
    assert figures.totals(now)["cpu"].verdicts == {}
    assert figures.stage_times(now) == {}


@pytest.mark.django_db
def test_autosaves_are_counted_by_what_came_of_them(client: Client, code_attempt: Attempt) -> None:
    entry = Entry("w" * 16, sequence=1, clock=1, seen={}, changes={"source": "x"})

    def counted(outcome: str) -> float:
        name, labels = "sparring_autosaves_total", frozenset({("outcome", outcome)})
        return read(client).get((name, labels), 0.0)

    before = {outcome: counted(outcome) for outcome in ("kept", "known")}
    for _ in range(2):
        record_entries(code_attempt, "w" * 16, [entry])
    assert counted("kept") == before["kept"] + 1
    assert counted("known") == before["known"] + 1


def test_the_processes_of_one_server_count_together(tmp_path: Path) -> None:
    """Whichever of two workers is asked, it tells the requests of both."""
    port = free_port()
    environment: dict[str, Any] = {
        **os.environ, "SPARRING_VAR": str(tmp_path), "SPARRING_METRICS_TOKEN": TOKEN,
        "TMPDIR": str(tmp_path),
    }  # fmt: skip
    environment.pop("DATABASE_URL", None)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT, env=environment, check=True,
    )  # fmt: skip
    killed = tmp_path / f"sparring-{os.geteuid()}" / "metrics.999999999.left"
    killed.mkdir(parents=True)
    killed.parent.chmod(0o700)
    command = [
        sys.executable, "-m", "gunicorn", "config.wsgi", "--workers", "2",
        "--bind", f"127.0.0.1:{port}",
    ]  # fmt: skip
    service = Service("web", command, environment, tmp_path / "web.log")
    service.start()
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for_server(base, 60)
        for _ in range(40):
            urllib.request.urlopen(f"{base}/health/live/").read()
        told = [_lived(base) for _ in range(10)]
    finally:
        service.signal(signal.SIGTERM)
        service.stop(time.monotonic() + 8)
    assert told == [40.0] * 10
    assert list(tmp_path.rglob("metrics.*")) == []


def _lived(base: str) -> float:
    asked = urllib.request.Request(f"{base}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(asked) as answer:
        found = samples(answer.read().decode())
    labels = {"method": "GET", "route": "watching:live", "status": "200"}
    return value(found, "sparring_http_request_seconds_count", **labels)

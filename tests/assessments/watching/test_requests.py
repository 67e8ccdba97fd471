"""Each request has an id, a line in the log and a place in the metrics."""

import logging
from typing import Any

import pytest
from django.test import Client
from prometheus_client import generate_latest

from assessments import counters
from assessments.models import Attempt, Grading
from assessments.services import submit_code
from grader import trace
from tests.cast.queues import code

SECRET = "reset-key-hunter2"


def told(caplog: pytest.LogCaptureFixture, event: str) -> list[dict[str, Any]]:
    messages = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    return [message for message in messages if message.get("event") == event]


def test_the_id_of_a_proxy_is_taken_and_answered(client: Client) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": "proxy-0001"})
    assert answer.headers["X-Request-ID"] == "proxy-0001"


@pytest.mark.parametrize("hostile", ["a\nINFO forged", "x" * 10_000, "<script>", "a b"])
def test_a_hostile_id_is_neither_answered_nor_logged(
    client: Client, caplog: pytest.LogCaptureFixture, hostile: str
) -> None:
    caplog.set_level(logging.INFO)
    answer = client.get("/nothing-here/", headers={"X-Request-ID": hostile})
    (line,) = told(caplog, "request")
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert len(line["request_id"]) == 32


def test_two_requests_have_two_ids(client: Client) -> None:
    ids = {client.get("/healthz").headers["X-Request-ID"] for _ in range(2)}
    assert len(ids) == 2
    assert trace.named() == {}


def test_a_line_names_the_route_and_neither_the_address_nor_its_query(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client.get(f"/accounts/confirm-email/{SECRET}/?code={SECRET}")
    client.get(f"/accounts/nothing/{SECRET}/")
    lines = told(caplog, "request")
    assert [line["route"] for line in lines] == ["account_confirm_email", "unmatched"]
    assert [line["status"] for line in lines] == [200, 404]
    written = [record for record in caplog.records if record.name != "django.request"]
    assert SECRET not in repr([record.msg for record in written])
    assert logging.getLogger("django.request").level == logging.CRITICAL


def test_a_failure_is_logged_with_its_frames_under_the_requests_id(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assessments.watching import health

    def fail() -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(health, "readiness", fail)
    client.raise_request_exception = False
    answer = client.get("/health/ready/")
    assert answer.status_code == 500
    (line,) = told(caplog, "request_failed")
    assert line["request_id"] == answer.headers["X-Request-ID"]


def test_strangers_make_no_new_series(client: Client) -> None:
    client.get("/nothing-here/")
    before = generate_latest(counters.OWN).count(b"\n")
    for number in range(20):
        client.generic("GET", f"/nothing-{number}/?{number}")
    assert generate_latest(counters.OWN).count(b"\n") == before
    client.generic("BREW0", "/nothing-here/")
    after_one = generate_latest(counters.OWN).count(b"\n")
    for number in range(1, 20):
        client.generic(f"BREW{number}", "/nothing-here/")
    assert generate_latest(counters.OWN).count(b"\n") == after_one


def test_a_grading_remembers_the_request_that_it_is_graded_for(code_attempt: Attempt) -> None:
    trace.new_request("mine-1")
    try:
        submission = submit_code(code_attempt.learner, code_attempt, code(1))
    finally:
        trace.forget()
    assert Grading.objects.get(submission=submission).request_id == "mine-1"

"""One grep over the logs of all machines tells the story of a submission."""

import json
import time
import uuid
from pathlib import Path
from typing import Any

import pytest

from scripts.client import Client
from tests.assessments.watching.names import used
from tests.assessments.watching.samples import samples
from tests.stack.conftest import Supervised, until

pytestmark = [pytest.mark.stack, pytest.mark.sandbox]

MARK = f"nobody_logs_{uuid.uuid4().hex}"


def lines(running: Supervised, name: str) -> list[dict[str, Any]]:
    """Return what a service has logged; whatever is no JSON fails."""
    text = (running.stack.folder / f"log/{name}.log").read_text()
    return [json.loads(line) for line in text.splitlines()]


def test_the_same_ids_are_in_the_logs_of_web_worker_and_grading_machine(
    running: Supervised, learner: Client
) -> None:
    mine = f"story-{uuid.uuid4().hex}"
    learner.headers["X-Request-ID"] = mine
    page = learner.submit("dense-causal", f"{MARK} = {time.time_ns()}\n")
    assert learner.wait(page, 60).attribute("data-failure") == "invalid"

    def story(name: str) -> list[dict[str, Any]]:
        return [line for line in lines(running, name) if line.get("request_id") == mine]

    until(lambda: any(line["event"] == "recorded" for line in story("worker")), 10)
    (submitted,) = (line for line in story("web") if line["event"] == "submitted")
    ids = {name: submitted[name] for name in ("request_id", "submission", "job")}
    whole = {"web": "job_sent", "grader-1": "judged", "worker": "recorded"}
    for name, last in whole.items():
        (line,) = (line for line in story(name) if line["event"] == last)
        assert {each: line[each] for each in ids} == ids, name
    events = [line["event"] for line in story("grader-1")]
    assert events == ["job_taken", "judged"]


def test_no_log_holds_code_passwords_tokens_or_what_hostile_ids_say(
    running: Supervised, learner: Client
) -> None:
    stranger = Client(running.base)
    stranger.headers["X-Request-ID"] = f"{MARK} {'x' * 4_000}"
    stranger.get(f"/accounts/login/?key={MARK}")
    learner.wait(learner.submit("dense-causal", f"{MARK} = {time.time_ns()}\n"), 60)
    cookies = [cookie.value or "" for cookie in learner._jar]
    for log in Path(running.stack.folder, "log").glob("*.log"):
        text = log.read_text()
        held = [word for word in (MARK, "learner-demo", *cookies) if word in text]
        assert held == [], log.name


def test_dashboard_and_alerts_ask_for_metrics_that_there_are(
    running: Supervised, learner: Client
) -> None:
    learner.wait(learner.submit("dense-causal", f"number = {time.time_ns()}\n"), 60)
    found = {name for name, _ in samples(learner.get("/metrics").text)}
    assert used() - found == set()

"""Dashboard and alerts in docker/watching ask for what is there, and say what to do."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from django.test import Client

from tests.assessments.watching.names import FOLDER, alerts, dashboard, expressions, used
from tests.assessments.watching.samples import samples


@pytest.fixture
def told(client: Client, db: None) -> dict[str, set[str]]:
    """The labels of every metric that a server tells which has answered a page."""
    client.get("/healthz")
    found: dict[str, set[str]] = {}
    for name, labels in samples(client.get("/metrics").content.decode()):
        found.setdefault(name, set()).update(label for label, _ in labels)
    return found


def test_every_metric_that_is_asked_for_is_there(told: dict[str, set[str]]) -> None:
    assert len(used()) > 8
    assert used() - set(told) == set()


def test_every_metric_that_is_told_is_on_the_dashboard(told: dict[str, set[str]]) -> None:
    shown = " ".join(target["expr"] for panel in dashboard()["panels"]
                     for target in panel.get("targets", ()))  # fmt: skip
    families = {re.sub(r"_(bucket|count|sum|created)$", "", name) for name in told}
    assert {name for name in families if name.startswith("sparring") and name not in shown} == set()


def _labels(expression: str) -> Iterator[tuple[str, str]]:
    for name, inside in re.findall(r"\b(sparring_\w+)\{([^}]*)\}", expression):
        for label in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", inside):
            yield name, label


def test_every_label_that_is_asked_for_is_there(told: dict[str, set[str]]) -> None:
    asked = [pair for expression in expressions() for pair in _labels(expression)]
    assert asked
    assert [pair for pair in asked if pair[1] not in told[pair[0]]] == []


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_an_alert_says_what_to_do(alert: dict[str, Any]) -> None:
    assert alert["labels"]["severity"] in {"page", "ticket"}
    assert len(alert["annotations"]["summary"]) > 20
    assert len(alert["annotations"]["description"].split()) > 20


def test_panels_do_not_lie_on_each_other() -> None:
    places = [panel["gridPos"] for panel in dashboard()["panels"]]
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below
    assert all(place["x"] + place["w"] <= 24 for place in places)


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
def test_prometheus_takes_rules_and_their_tests() -> None:
    for command in (["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]):
        done = subprocess.run(["promtool", *command], cwd=FOLDER, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

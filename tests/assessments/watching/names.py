"""Which metrics the dashboard and the alerts in docker/watching ask for."""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from scripts.stack import ROOT

FOLDER = ROOT / "docker" / "watching"
NAME = re.compile(r"\bsparring_\w+")


def alerts() -> list[dict[str, Any]]:
    """Return the alerts, in their order."""
    groups = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboard() -> dict[str, Any]:
    """Return the dashboard as Grafana imports it."""
    read: dict[str, Any] = json.loads((FOLDER / "dashboard.json").read_text())
    return read


def expressions() -> Iterator[str]:
    """Yield every query of both."""
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", ()):
            yield target["expr"]
    for alert in alerts():
        yield alert["expr"]


def used() -> set[str]:
    """Return the names of our metrics in them."""
    return {name for expression in expressions() for name in NAME.findall(expression)}

"""The description of the API: as checked in, whole, and with an example everywhere."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from scripts import http_file

ROOT = Path(__file__).resolve().parents[3]
CHECKED_IN = ROOT / "docs" / "openapi.yaml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("schema") / "openapi.yaml"
    call_command("spectacular", file=str(path), validate=True, fail_on_warn=True)
    return path.read_text()


def operations(text: str) -> list[tuple[str, dict[str, Any]]]:
    paths = yaml.safe_load(text)["paths"]
    return [
        (f"{method.upper()} {path}", told)
        for path, methods in paths.items()
        for method, told in methods.items()
    ]


def test_it_is_as_checked_in(made: str) -> None:
    assert made == CHECKED_IN.read_text(), "make api-schema writes it anew"


def test_the_requests_to_try_are_those_of_the_description(tmp_path: Path) -> None:
    target = tmp_path / "api.http"
    http_file.main([str(CHECKED_IN), str(target)])
    told = target.read_text()
    assert told == CHECKED_IN.with_name("api.http").read_text(), "make api-schema writes it anew"
    assert told.count("\n### ") == len(operations(CHECKED_IN.read_text()))


def test_it_is_openapi_3_1(made: str) -> None:
    assert made.startswith("openapi: 3.1")


def _examples(content: dict[str, Any]) -> bool:
    return all(one.get("examples") for kind, one in content.items() if "problem" not in kind)


def test_every_operation_has_an_example_of_what_is_sent_and_what_is_answered(made: str) -> None:
    without = []
    for name, told in operations(made):
        sent = told.get("requestBody", {}).get("content", {})
        good = {code: one for code, one in told["responses"].items() if code.startswith("2")}
        answers = [one.get("content", {}) for one in good.values()]
        if not good or not all(map(_examples, [sent, *answers])):
            without.append(name)
    assert without == []


def test_every_operation_says_what_it_does_and_how_it_fails(made: str) -> None:
    for name, told in operations(made):
        assert told["description"].strip(), name
        assert "default" in told["responses"], name

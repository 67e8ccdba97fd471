"""Whatever goes wrong is problem+json, in words, and never a page or a traceback."""

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client

from assessments.api.views.courses import Courses
from assessments.models import User
from tests.assessments.api.conftest import Api

FIELDS = {"type", "title", "status", "detail", "instance", "errors"}


def problem(answer: HttpResponse, status: int) -> dict[str, object]:
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    told: dict[str, object] = answer.json()  # type: ignore[attr-defined]
    assert set(told) == FIELDS
    assert told["status"] == status
    return told


@pytest.fixture
def browser(learner: User) -> Client:
    client = Client()
    client.force_login(learner)
    return client


def test_nobody_is_asked_to_sign_in(client: Client, db: None) -> None:
    problem(client.get("/api/v1/courses/"), 401)


@pytest.mark.parametrize("path", ["/api/v1/nowhere/", "/api/v1/courses/x/y/z/", "/api/v1/courses"])
def test_an_address_that_is_none_is_not_found(browser: Client, path: str) -> None:
    problem(browser.get(path), 404)


def test_a_method_that_is_none(browser: Client) -> None:
    problem(browser.delete("/api/v1/courses/"), 405)


def test_another_media_type_than_json(browser: Client) -> None:
    problem(browser.post("/api/v1/tokens/", {"name": "x"}), 415)
    problem(browser.get("/api/v1/courses/", headers={"Accept": "text/csv"}), 406)


@pytest.mark.parametrize(
    "body",
    [b"{", b"", b"\xff\xfe", b'{"name": NaN}', b"[" * 100_000, b"[]", b"null", b'"x"', b"1" * 5000],
)
def test_a_body_that_is_no_json_object(browser: Client, body: bytes) -> None:
    problem(browser.generic("POST", "/api/v1/tokens/", body, "application/json"), 400)


def test_a_lone_surrogate(browser: Client) -> None:
    body = b'{"name": "\\ud800", "scopes": ["courses:read"]}'
    problem(browser.generic("POST", "/api/v1/tokens/", body, "application/json"), 400)


def test_a_huge_body_is_refused_by_its_size(browser: Client, settings: LazySettings) -> None:
    body = b'"' + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"'
    problem(browser.generic("POST", "/api/v1/tokens/", body, "application/json"), 413)


def test_our_failure_says_so_and_nothing_else(
    learner: User, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_view: Courses) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(Courses, "get_queryset", fail)
    client = api(learner)
    client.raise_request_exception = False
    told = problem(client.get("/api/v1/courses/"), 500)
    assert "secret" not in str(told)

"""Tokens: told once, kept as a digest, scoped, expiring, revoked at once."""

from datetime import timedelta

import pytest
from django.core import serializers as django_serializers
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from assessments.models import Repeatable, Scope, Token, User
from assessments.services.tokens import make_token, revoke
from tests.assessments.api.conftest import Api

HERE = "/api/v1/tokens/"
ASKED = {"name": "marks", "scopes": ["gradebook:read"], "days": 30}


@pytest.fixture
def browser(learner: User) -> Client:
    client = Client()
    client.force_login(learner)
    return client


def post(client: Client, body: object, **headers: str):
    return client.post(HERE, body, "application/json", headers=headers)


def test_its_text_is_told_once_and_nowhere_in_the_database(browser: Client) -> None:
    made = post(browser, ASKED, **{"Idempotency-Key": "k1"})
    assert made.status_code == 201
    text = made.json()["token"]
    assert "token" not in browser.get(made["Location"]).json()
    assert post(browser, ASKED, **{"Idempotency-Key": "k1"}).json()["token"] is None
    rows = [*Token.objects.all(), *Repeatable.objects.all()]
    assert text not in django_serializers.serialize("json", rows)


def test_it_opens_what_its_scope_says_and_no_more(learner: User, api: Api) -> None:
    narrow = api(learner, Scope.GRADEBOOK_READ)
    refused = narrow.get("/api/v1/courses/")
    assert refused.status_code == 403
    assert "courses:read" in refused.json()["detail"]
    assert api(learner, Scope.COURSES_READ).get("/api/v1/courses/").status_code == 200


def test_no_token_makes_or_lists_tokens(learner: User, api: Api) -> None:
    refused = api(learner).get(HERE)
    assert refused.status_code == 403
    assert refused.json()["detail"] == "No token does this: sign in."
    assert post(api(learner), ASKED).status_code == 403


def test_a_revoked_one_opens_nothing_from_then_on(learner: User, api: Api) -> None:
    client = api(learner)
    assert client.get("/api/v1/me/").status_code == 200
    revoke(Token.objects.get())
    answer = client.get("/api/v1/me/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_one_opens_nothing(learner: User) -> None:
    long_ago = timezone.now() - timedelta(days=2)
    _token, text = make_token(learner, "old", [Scope.COURSES_READ], 1, now=long_ago)
    client = Client(headers={"Authorization": f"Bearer {text}"})
    assert client.get("/api/v1/me/").status_code == 401


def test_one_of_somebody_who_was_shut_out_opens_nothing(learner: User, api: Api) -> None:
    client = api(learner)
    learner.is_active = False
    learner.save()
    assert client.get("/api/v1/me/").status_code == 401


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer \u00e9", "bearer sparring_x", "Bearer a b", "Basic eDp5"],
)
def test_a_header_that_is_no_token_is_not_signed_in(learner: User, header: str) -> None:
    answer = Client(headers={"Authorization": header}).get("/api/v1/me/")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_when_it_was_used_is_noted(learner: User, api: Api) -> None:
    api(learner).get("/api/v1/me/")
    assert Token.objects.get().used_at is not None


def test_nobody_revokes_that_of_another(browser: Client, teammate: User) -> None:
    token, _text = make_token(teammate, "theirs", [Scope.COURSES_READ], 1)
    assert browser.delete(f"{HERE}{token.pk}/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_a_session_without_its_csrf_token_changes_nothing(learner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner)
    assert post(client, ASKED).status_code == 403
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes.0"),
        ({"scopes": "courses:read"}, "scopes"),
        ({"days": 0}, "days"),
        ({"days": 10**30}, "days"),
        ({"days": "soon"}, "days"),
        ({"owner": 1}, "owner"),
    ],
)
def test_a_fault_names_its_field(browser: Client, asked: dict[str, object], field: str) -> None:
    answer = post(browser, ASKED | asked)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Token.objects.exists()


def test_an_operator_makes_one_on_the_command_line(
    learner: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("make_token", "learner", "--scope", "courses:read")
    text = capsys.readouterr().out.strip()
    client = Client(headers={"Authorization": f"Bearer {text}"})
    assert client.get("/api/v1/courses/").status_code == 200
    assert Token.objects.get().scopes == ["courses:read"]


@pytest.mark.parametrize("arguments", [("nobody",), ("learner", "--days", "0")])
def test_a_command_that_cannot_make_one_says_why(learner: User, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        call_command("make_token", *arguments)
    assert not Token.objects.exists()

"""Pages for what goes wrong, and the policy that every page is under."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from assessments.models import User

DIRECTIVES = {"script-src 'self'", "object-src 'none'", "frame-ancestors 'none'"}


def test_a_page_that_does_not_exist_says_so_in_our_look(client: Client, db: None) -> None:
    response = client.get("/no/such/page")
    assert response.status_code == 404
    assert "This page does not exist" in response.content.decode()
    assert "web/tokens.css" in response.content.decode()


@pytest.mark.parametrize("name", ["400.html", "429.html", "500.html", "web/locked.html"])
def test_a_fault_page_needs_neither_request_nor_database(name: str) -> None:
    html = render_to_string(name)
    assert html.count("<h1>") == 1
    assert "Go to your course" in html


def test_a_fault_of_ours_is_told_without_the_database_and_without_its_insides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the mark for it, this test may not touch the database."""
    monkeypatch.setattr("assessments.web.views.help.render", lambda *_: 1 / 0)
    response = Client(raise_request_exception=False).get("/help/")
    html = response.content.decode()
    assert response.status_code == 500
    assert "Something went wrong on our side" in html
    assert "Traceback" not in html
    assert "ZeroDivisionError" not in html


def test_an_old_form_is_explained(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_user("learner"))
    response = client.post("/courses/any/join/")
    assert response.status_code == 403
    assert "The form was too old" in response.content.decode()


def test_a_body_that_is_far_too_large_is_refused_in_our_look(page: Client) -> None:
    response = page.post("/questions/sliding-window/", {"source": "x" * 3_000_000})
    assert response.status_code == 400
    assert "far too large" in response.content.decode()


@pytest.mark.parametrize("path", ["/help/", "/accounts/login/", "/no/such/page"])
def test_every_page_is_under_the_strict_policy(client: Client, db: None, path: str) -> None:
    policy = client.get(path)["Content-Security-Policy"]
    assert set(policy.split("; ")) >= DIRECTIVES
    assert "unsafe" not in policy


def test_accounts_pages_have_our_look(client: Client, db: None) -> None:
    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
        html = client.get(path).content.decode()
        assert 'class="site-head"' in html
        assert "style=" not in html


def test_a_wrong_password_is_told_at_the_form(client: Client, db: None) -> None:
    response: Any = client.post("/accounts/login/", {"login": "nobody", "password": "wrong"})
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()

"""Accounts with a password: made, entered, left, mended; told before a mistake, and after."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from axes.models import AccessAttempt
from django.conf import settings as live
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from assessments.models import User
from tests.cast.people import PASSWORD, person

pytestmark = pytest.mark.django_db
RULES = ("at least 8 characters", "commonly used", "entirely numeric", "too similar")


@pytest.fixture
def ada() -> User:
    user = person("ada")
    EmailAddress.objects.create(user=user, email="ada@example.org", verified=True, primary=True)
    User.objects.filter(pk=user.pk).update(email="ada@example.org")
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    return client


def link_in_mail() -> str:
    found = re.search(r"https?://testserver(\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_somebody_signs_in_by_address_as_by_name(client: Client, ada: User) -> None:
    client.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_who_asks_to_be_remembered_is_and_others_until_the_browser_closes(ada: User) -> None:
    for remember, kept in (("on", False), ("", True)):
        client = Client()
        client.post(
            "/accounts/login/", {"login": "ada", "password": PASSWORD, "remember": remember}
        )
        assert client.session.get_expire_at_browser_close() is kept
    assert live.SESSION_COOKIE_AGE == 14 * 24 * 3600


def test_signing_out_ends_the_session(ada: User) -> None:
    client = signed_in(ada)
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session
    assert client.get("/")["Location"].startswith("/accounts/login/")


def test_an_ended_session_leads_back_to_where_one_was(ada: User) -> None:
    client = signed_in(ada)
    client.session.flush()
    address = client.get("/courses/any/")["Location"]
    response = client.post(address, {"login": "ada", "password": PASSWORD})
    assert response["Location"] == "/courses/any/"


def test_the_rules_of_passwords_stand_at_the_field_before_anything_is_typed(
    client: Client,
) -> None:
    html = client.get("/accounts/signup/").content.decode()
    assert [rule for rule in RULES if rule not in html] == []
    described = re.search(r'name="password1"[^>]*aria-describedby="([^"]+)"', html)
    assert described
    assert f'id="{described[1]}"' in html


def test_a_password_against_the_rules_is_refused_at_its_field(client: Client) -> None:
    told = {"username": "new", "password1": "12345678", "password2": "12345678"}
    html = client.post("/accounts/signup/", told).content.decode()
    assert "This password is entirely numeric" in html
    assert 'aria-invalid="true"' in html
    assert not User.objects.exists()


def test_a_closed_platform_makes_no_accounts_and_offers_none(
    client: Client, settings: Settings
) -> None:
    settings.SIGNUP_OPEN = False
    told = {"username": "new", "password1": "long-enough-7", "password2": "long-enough-7"}
    for response in (client.get("/accounts/signup/"), client.post("/accounts/signup/", told)):
        assert "Nobody makes an account here by themselves" in response.content.decode()
    assert not User.objects.exists()
    assert "/accounts/signup/" not in client.get("/accounts/login/").content.decode()


def test_a_forgotten_password_is_replaced_by_the_link_in_a_mail_once(
    client: Client, ada: User
) -> None:
    client.post("/accounts/password/reset/", {"email": "ada@example.org"})
    link = link_in_mail()
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "quite-another-9", "password2": "quite-another-9"})
    ada.refresh_from_db()
    assert ada.check_password("quite-another-9")
    assert "invalid" in Client().get(link, follow=True).content.decode()


def test_a_reset_says_nothing_of_who_has_an_account(client: Client, ada: User) -> None:
    known = client.post("/accounts/password/reset/", {"email": "ada@example.org"}, follow=True)
    other = client.post("/accounts/password/reset/", {"email": "no@example.org"}, follow=True)
    assert known.redirect_chain == other.redirect_chain
    assert re.sub(r'value="\w{64}"', "", known.content.decode()) == re.sub(
        r'value="\w{64}"', "", other.content.decode()
    )


def test_a_changed_password_ends_the_sessions_of_other_devices(ada: User) -> None:
    here, elsewhere = signed_in(ada), signed_in(ada)
    new = {"password1": "quite-another-9", "password2": "quite-another-9"}
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})
    assert "_auth_user_id" in here.session
    assert here.get("/accounts/email/").status_code in {200, 302}
    assert elsewhere.get("/")["Location"].startswith("/accounts/login/")


def test_an_address_is_changed_by_the_password_and_counts_once_it_is_confirmed(
    ada: User,
) -> None:
    client = signed_in(ada)
    change: Any = {"email": "new@example.org", "action_add": ""}
    again = client.post("/accounts/email/", change)
    assert again["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", change)
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"
    assert "new@example.org" in client.get("/accounts/email/").content.decode()
    client.post(link_in_mail())
    ada.refresh_from_db()
    assert ada.email == "new@example.org"
    assert EmailAddress.objects.get().email == "new@example.org"


def test_a_locked_name_reads_when_to_come_back(client: Client, ada: User) -> None:
    for _ in range(10):
        client.post("/accounts/login/", {"login": "ada", "password": "wrong"})
        cache.clear()
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=10))
    response = client.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    html = response.content.decode()
    assert response.status_code == 429
    assert "Come back in 5 minutes" in html
    assert f"{timezone.now() + timedelta(minutes=5):%H:%M} (UTC)" in html
    assert 290 <= int(response["Retry-After"]) <= 300


def test_trying_while_it_is_locked_locks_no_longer(client: Client, ada: User) -> None:
    for _ in range(10):
        client.post("/accounts/login/", {"login": "ada", "password": "wrong"})
        cache.clear()
    until = AccessAttempt.objects.get().attempt_time
    client.post("/accounts/login/", {"login": "ada", "password": "wrong"})
    assert AccessAttempt.objects.get().attempt_time == until
    AccessAttempt.objects.update(attempt_time=until - timedelta(minutes=16))
    cache.clear()
    client.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_too_many_accounts_from_one_address_meet_a_page_that_says_to_wait(
    client: Client,
) -> None:
    told = {"username": "x", "password1": "1", "password2": "2"}
    responses = [client.post("/accounts/signup/", told) for _ in range(21)]
    assert [response.status_code for response in responses[-2:]] == [200, 429]
    assert "Too many tries" in responses[-1].content.decode()


def test_no_password_is_kept_with_a_failed_log_in(client: Client, ada: User) -> None:
    client.post("/accounts/login/", {"login": "ada", "password": "a-typed-secret"})
    kept = AccessAttempt.objects.values().get()
    assert "a-typed-secret" not in str(kept)

"""Single sign-on against a provider that runs here, and what an attacker gets out of it."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from assessments.models import User
from config.sign_on import Provider as Known
from tests.assessments.web import oidc

pytestmark = pytest.mark.django_db
VERIFIED = {"sub": "s-1", "email": "ada@example.org", "email_verified": True}


@pytest.fixture
def provider(settings: Settings) -> Iterator[oidc.Provider]:
    with oidc.serving() as running:
        settings.SIGN_ON = Known(running.base, oidc.CLIENT, oidc.SECRET, "Example school")
        yield running


def sent_to_provider(client: Client, **query: str) -> str:
    response = client.post("/accounts/sso/login/", query_params=query)
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"])


def come_back(client: Client, address: str) -> HttpResponse:
    away = requests.get(address, allow_redirects=False, timeout=5)
    return client.get(away.headers["Location"].removeprefix("http://testserver"))


def sign_on(client: Client, **query: str) -> HttpResponse:
    return come_back(client, sent_to_provider(client, **query))


def who(client: Client) -> str:
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk).username if pk else ""


def test_without_a_provider_there_is_nothing_of_it(client: Client) -> None:
    for path in ("", "login/", "login/callback/", "signup/", "cancelled/", "error/"):
        assert client.get(f"/accounts/sso/{path}").status_code == 404
    assert "sso" not in client.get("/accounts/login/").content.decode()


def test_the_log_in_page_offers_it(client: Client, provider: oidc.Provider) -> None:
    assert "Go on with Example school" in client.get("/accounts/login/").content.decode()


def test_somebody_new_gets_an_account_and_comes_back_by_the_same_one(
    client: Client, provider: oidc.Provider
) -> None:
    provider.claims = VERIFIED | {"preferred_username": "ada"}
    assert sign_on(client).status_code == 302
    assert who(client) == "ada"
    again = Client()
    provider.claims = {"sub": "s-1", "preferred_username": "renamed"}
    sign_on(again)
    assert who(again) == "ada"
    assert EmailAddress.objects.get().verified


def test_it_leads_on_to_where_somebody_wanted_to_go(
    client: Client, provider: oidc.Provider
) -> None:
    assert sign_on(client, next="/help/")["Location"] == "/help/"
    assert sign_on(Client(), next="https://evil.example/")["Location"] == "/"


def test_it_is_asked_with_state_nonce_and_pkce_and_the_secret_goes_to_it_alone(
    client: Client, provider: oidc.Provider
) -> None:
    address = sent_to_provider(client)
    assert oidc.SECRET not in address
    come_back(client, address)
    assert {"state", "nonce", "code_challenge"} <= set(provider.asked)
    assert provider.asked["code_challenge_method"] == "S256"
    assert provider.traded[0]["code_verifier"]
    assert provider.traded[0]["client"] == f"{oidc.CLIENT}:{oidc.SECRET}"


def test_an_address_adds_nothing_to_what_is_asked(client: Client, provider: oidc.Provider) -> None:
    address = sent_to_provider(client, scope="admin", auth_params="redirect_uri=https://e.example")
    assert "admin" not in address
    assert "e.example" not in address


def test_an_answer_without_the_state_that_this_browser_was_given_is_refused(
    client: Client, provider: oidc.Provider
) -> None:
    sent_to_provider(client)
    for query in ({"code": "a-code", "state": "another"}, {"code": "a-code"}):
        response = client.get("/accounts/sso/login/callback/", query)
        assert response.status_code == 401
        assert "You are not signed in" in response.content.decode()
    assert (who(client), provider.traded) == ("", [])


def test_an_answer_to_somebody_elses_browser_signs_nobody_in(
    client: Client, provider: oidc.Provider
) -> None:
    address = sent_to_provider(Client())
    assert come_back(client, address).status_code == 401
    assert who(client) == ""


def test_an_answer_counts_once(client: Client, provider: oidc.Provider) -> None:
    address = sent_to_provider(client)
    come_back(client, address)
    client.logout()
    assert come_back(client, address).status_code == 401
    assert who(client) == ""


WRONG: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "f" * 64},
    "another audience": {"claims": {"sub": "s-1", "aud": "another-client"}},
    "several audiences and no party": {"claims": {"sub": "s-1", "aud": [oidc.CLIENT, "another"]}},
    "another party": {"claims": {"sub": "s-1", "azp": "another"}},
    "another issuer": {"claims": {"sub": "s-1", "iss": "https://evil.example"}},
    "out of date": {"claims": {"sub": "s-1", "exp": 1_000_000}},
    "from the future": {"claims": {"sub": "s-1", "iat": 9_999_999_999, "nbf": 9_999_999_999}},
    "without a subject": {"claims": {}},
    "unsigned": {"sign": oidc.unsigned},
    "signed with another key": {"sign": lambda claims: oidc.signed(claims, oidc.OTHER_KEY)},
    "signed with the client's secret": {
        "sign": lambda claims: oidc.signed(claims, oidc.SECRET * 2, "HS256")
    },
    "not a token": {"sign": lambda claims: "x.y.z"},
    "of somebody else than asked about": {"told": {"sub": "s-2"}},
    "of a provider that calls itself by another name": {"issuer": "https://evil.example"},
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_token_that_is_not_right_in_everything_signs_nobody_in(
    fault: str, client: Client, provider: oidc.Provider
) -> None:
    address = sent_to_provider(client)
    for name, value in WRONG[fault].items():
        setattr(provider, name, value)
    assert come_back(client, address).status_code == 401
    assert who(client) == ""
    assert not SocialAccount.objects.exists()


@pytest.fixture
def ada() -> User:
    user = User.objects.create_user("ada", "ada@example.org", "kept-in-the-tests")
    EmailAddress.objects.create(user=user, email="ada@example.org", verified=True, primary=True)
    return user


@pytest.mark.parametrize("said", [False, "true", 1, None])
def test_somebody_elses_address_that_nobody_verified_opens_no_account_and_is_not_kept(
    said: object, client: Client, provider: oidc.Provider, ada: User
) -> None:
    provider.claims = VERIFIED | {"email_verified": said, "preferred_username": "mallory"}
    sign_on(client)
    assert who(client) == "mallory"
    assert User.objects.get(username="mallory").email == ""
    assert not EmailAddress.objects.exclude(user=ada).exists()


def test_an_address_verified_on_both_sides_opens_the_account_that_is_there(
    client: Client, provider: oidc.Provider, ada: User
) -> None:
    provider.claims = VERIFIED | {"email": "Ada@Example.org"}
    sign_on(client)
    assert who(client) == "ada"
    ada.refresh_from_db()
    assert ada.has_usable_password()


def test_an_address_that_is_not_confirmed_here_opens_nothing(
    client: Client, provider: oidc.Provider, ada: User
) -> None:
    EmailAddress.objects.update(verified=False)
    provider.claims = VERIFIED
    sign_on(client)
    assert who(client) != "ada"


def test_a_superusers_account_is_not_opened_by_an_address(
    client: Client, provider: oidc.Provider, ada: User
) -> None:
    User.objects.update(is_superuser=True)
    provider.claims = VERIFIED
    sign_on(client)
    assert who(client) != "ada"


def test_a_taken_name_is_not_taken_over(client: Client, provider: oidc.Provider, ada: User) -> None:
    provider.claims = {"sub": "s-9", "preferred_username": "ada"}
    sign_on(client)
    assert who(client) not in {"ada", ""}


def test_a_subject_of_another_provider_is_somebody_else(
    client: Client, provider: oidc.Provider, ada: User
) -> None:
    SocialAccount.objects.create(user=ada, provider="https://former.example", uid="s-1")
    sign_on(client)
    assert who(client) not in {"ada", ""}


def test_whoever_is_signed_in_connects_the_account_after_the_password(
    client: Client, provider: oidc.Provider, ada: User
) -> None:
    client.post("/accounts/login/", {"login": "ada", "password": "kept-in-the-tests"})
    assert sign_on(client, process="connect")["Location"] == "/accounts/reauthenticate/"
    assert not SocialAccount.objects.exists()
    client.post("/accounts/reauthenticate/", {"password": "kept-in-the-tests"})
    assert SocialAccount.objects.get().user == ada
    assert "opens this account" in client.get("/accounts/sso/").content.decode()
    other = Client()
    sign_on(other)
    assert who(other) == "ada"


def test_the_way_there_begins_with_a_form_so_that_no_link_connects_an_account(
    client: Client, provider: oidc.Provider
) -> None:
    response = client.get("/accounts/sso/login/", {"process": "connect"})
    assert (response.status_code, response.get("Location")) == (200, None)
    assert Client(enforce_csrf_checks=True).post("/accounts/sso/login/").status_code == 403


def test_a_site_may_give_accounts_to_nobody_new(
    client: Client, provider: oidc.Provider, settings: Settings
) -> None:
    settings.SIGN_ON = Known(provider.base, oidc.CLIENT, oidc.SECRET, "School", False)
    assert "Nobody makes an account" in sign_on(client).content.decode()
    assert not User.objects.exists()


def test_a_provider_that_is_away_is_told_in_our_look(client: Client, settings: Settings) -> None:
    settings.SIGN_ON = Known("http://127.0.0.1:9", oidc.CLIENT, oidc.SECRET)
    response = client.post("/accounts/sso/login/")
    assert response.status_code == 401
    assert "You are not signed in" in response.content.decode()


def test_no_log_holds_a_secret_a_code_or_a_token(
    client: Client, provider: oidc.Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sign_on(client)
    provider.sign = oidc.unsigned
    sign_on(Client())
    assert "sign_on_failed" in caplog.text
    for secret in (oidc.SECRET, "opaque", "eyJ", provider.traded[0]["code_verifier"]):
        assert secret not in caplog.text
    assert oidc.SECRET not in repr(Known(provider.base, oidc.CLIENT, oidc.SECRET))

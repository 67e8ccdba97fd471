"""Health: who asks whether the process lives, and whether it can work, is told soon and little."""

import threading
import time
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings
from redis import Redis

from assessments.watching import health
from assessments.watching.health import OK, Readiness


@pytest.fixture(autouse=True)
def _asked_anew() -> None:
    health.readiness.cache_clear()


def test_it_lives_without_a_database(client: Client) -> None:
    answer = client.get("/health/live/")
    assert (answer.status_code, answer.json()) == (200, {"live": True})


@pytest.mark.django_db
def test_to_live_asks_the_database_nothing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        client.get("/health/live/")


@pytest.mark.django_db(transaction=True)
def test_it_is_ready_with_database_broker_and_migrations(client: Client, broker: Redis) -> None:
    answer = client.get("/health/ready/")
    checks = {"database": OK, "broker": OK, "migrations": OK}
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "checks": checks})
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")


@pytest.mark.django_db(transaction=True)
def test_it_names_the_broker_that_is_away_and_not_where_it_was(client: Client) -> None:
    answer = client.get("/health/ready/")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": OK, "broker": "away", "migrations": OK}
    assert ".sock" not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_it_counts_the_migrations_that_are_missing(
    client: Client, broker: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = health._known() | {("assessments", "9999_to_come")}
    monkeypatch.setattr(health, "_known", lambda: known)
    answer = client.get("/health/ready/")
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] == "1 not applied"


def fails() -> str:
    raise OSError("could not connect to postgres://user:hunter2@db.internal")


def test_what_a_failing_check_says_is_kept_back() -> None:
    assert Readiness({"database": fails}).told() == {"database": "away"}


def hanging(release: threading.Event, asked: list[int]) -> Callable[[], str]:
    def check() -> str:
        asked.append(1)
        release.wait(20)
        return OK

    return check


def test_a_check_that_hangs_holds_nobody_up_and_is_asked_once() -> None:
    release, asked = threading.Event(), list[int]()
    one = Readiness({"database": hanging(release, asked), "broker": lambda: OK}, seconds=0.1)
    began = time.monotonic()
    for _ in range(5):
        assert one.told() == {"database": "no answer", "broker": OK}
    assert time.monotonic() - began < 2
    assert len(asked) == 1
    release.set()


def test_many_who_ask_at_once_cost_one_check() -> None:
    asked: list[int] = []
    one = Readiness({"broker": lambda: asked.append(1) or OK})  # type: ignore[func-returns-value]
    for _ in range(50):
        assert one.told() == {"broker": OK}
    assert len(asked) == 1


def test_it_is_answered_by_http_even_where_pages_are_by_https_only(
    client: Client, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/health/live/").status_code == 200
    assert client.get("/").status_code == 301


@pytest.mark.parametrize("path", ["/health/live/", "/health/ready/"])
def test_nothing_can_be_sent_there(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405

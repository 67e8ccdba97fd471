"""Idempotency keys: what is sent twice is done once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from assessments.models import Repeatable, Token, User
from assessments.services import forget_repeats

HERE = "/api/v1/tokens/"
ASKED = {"name": "marks", "scopes": ["gradebook:read"]}


@pytest.fixture
def browser(learner: User) -> Client:
    client = Client()
    client.force_login(learner)
    return client


def sent(client: Client, key: str, body: object = ASKED) -> HttpResponse:
    return client.post(HERE, body, "application/json", headers={"Idempotency-Key": key})


def test_the_same_request_is_done_once_and_answered_the_same(browser: Client) -> None:
    first, again = sent(browser, "k"), sent(browser, "k")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert again["Location"] == first["Location"]
    assert again["Idempotency-Replayed"] == "true"
    assert Token.objects.count() == 1


def test_another_key_is_another_request(browser: Client) -> None:
    assert sent(browser, "k").json()["id"] != sent(browser, "l").json()["id"]


def test_the_same_key_with_another_body_is_refused(browser: Client) -> None:
    sent(browser, "k")
    assert sent(browser, "k", ASKED | {"name": "other"}).status_code == 409
    assert Token.objects.count() == 1


def test_another_person_may_have_the_same_key(browser: Client, teammate: User) -> None:
    sent(browser, "k")
    other = Client()
    other.force_login(teammate)
    assert sent(other, "k").status_code == 201
    assert Token.objects.count() == 2


def test_what_was_refused_may_be_asked_for_again(browser: Client) -> None:
    assert sent(browser, "k", ASKED | {"days": 0}).status_code == 400
    assert sent(browser, "k").status_code == 201


def test_after_a_day_a_key_is_forgotten(browser: Client) -> None:
    sent(browser, "k")
    Repeatable.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert sent(browser, "k", ASKED | {"name": "other"}).status_code == 201
    Repeatable.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert forget_repeats() == 1


@pytest.mark.parametrize("key", ["", "\u00e9", "x" * 256, "a\tb"])
def test_a_key_that_is_none_is_refused(browser: Client, key: str) -> None:
    assert sent(browser, key).status_code == 400
    assert not Token.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_it_once(learner: User) -> None:
    start, answers = threading.Barrier(2), []

    def ask() -> None:
        client = Client()
        client.force_login(learner)
        start.wait()
        answers.append(sent(client, "k"))
        connection.close()

    both = [threading.Thread(target=ask) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Token.objects.count() == 1

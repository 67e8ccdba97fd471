"""The address that pages send their journals to."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from assessments.models import Attempt, Course, Enrolment, User
from assessments.services import attempt_for
from assessments.services.journal import saved_answer
from question_bank.models import Question
from tests.cast.people import person

ENTRY = {"sequence": 1, "clock": 1, "seen": {}, "changes": {"choice": "2"}, "age": 5}


@pytest.fixture
def attempt(learner: User) -> Attempt:
    return attempt_for(learner, Question.objects.filter(kind="choice")[0])


def send(client: Client, attempt: Attempt, value: Any) -> Any:
    return client.post(
        f"/attempts/{attempt.pk}/journal/", json.dumps(value), content_type="application/json"
    )


def test_an_entry_is_acknowledged_once_it_is_kept(page: Client, attempt: Attempt) -> None:
    answer = send(page, attempt, {"writer": "tab", "entries": [ENTRY]})
    assert answer.json()["acknowledged"] == 1
    assert saved_answer(attempt) == {"choice": "2"}


def test_a_page_learns_what_another_one_wrote(page: Client, attempt: Attempt) -> None:
    send(page, attempt, {"writer": "tab", "entries": [ENTRY]})
    other = ENTRY | {"changes": {"choice": "3"}}
    answer = send(page, attempt, {"writer": "phone", "entries": [other]}).json()
    assert {tip[0] for tip in answer["fields"]["choice"]} == {"2", "3"}
    assert answer["past"] == {"tab": 1, "phone": 1}


def test_its_own_values_are_not_sent_back(page: Client, attempt: Attempt) -> None:
    assert send(page, attempt, {"writer": "tab", "entries": [ENTRY]}).json()["fields"] == {}


def test_who_asks_is_told_how_things_stand(page: Client, attempt: Attempt) -> None:
    send(page, attempt, {"writer": "tab", "entries": [ENTRY]})
    found = page.get(f"/attempts/{attempt.pk}/journal/").json()
    assert found["fields"]["choice"] == [["2", "tab", 1, 1]]


def test_nobody_else_writes_or_reads_it(
    client: Client, attempt: Attempt, enrol: Any, course: Course
) -> None:
    people = [enrol("mate"), enrol("teacher", Enrolment.Role.INSTRUCTOR), person("stranger")]
    for user in people:
        client.force_login(user)
        assert send(client, attempt, {"writer": "tab", "entries": [ENTRY]}).status_code == 404
        assert client.get(f"/attempts/{attempt.pk}/journal/").status_code == 404
    client.logout()
    assert send(client, attempt, {"writer": "tab", "entries": [ENTRY]}).status_code == 401
    assert saved_answer(attempt) == {}


def test_another_site_cannot_write_it(learner: User, attempt: Attempt) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(learner)
    assert send(strict, attempt, {"writer": "tab", "entries": [ENTRY]}).status_code == 403


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"writer": 1}'])
def test_garbage_is_refused_in_words(page: Client, attempt: Attempt, body: bytes) -> None:
    answer = page.post(f"/attempts/{attempt.pk}/journal/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["refused"]


def test_what_is_too_large_is_refused(page: Client, attempt: Attempt) -> None:
    body = b" " * 3_000_000
    answer = page.post(f"/attempts/{attempt.pk}/journal/", body, content_type="application/json")
    assert answer.status_code == 413


def test_keeping_an_entry_takes_few_queries(
    page: Client, attempt: Attempt, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    send(page, attempt, {"writer": "tab", "entries": [ENTRY]})
    with django_assert_max_num_queries(7):
        send(page, attempt, {"writer": "tab", "entries": [ENTRY | {"sequence": 2}]})

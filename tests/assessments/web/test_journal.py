"""The address that pages send their journals to."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from assessments.journal.entries import MOST_WRITERS
from assessments.models import Attempt, Course, Enrolment, Saved, User
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


def test_a_page_that_has_nothing_to_send_is_told_how_things_stand(
    page: Client, attempt: Attempt
) -> None:
    send(page, attempt, {"writer": "tab", "entries": [ENTRY]})
    told = send(page, attempt, {"writer": "phone", "entries": []}).json()
    assert (told["acknowledged"], told["fields"]["choice"]) == (0, [["2", "tab", 1, 1]])


@pytest.mark.parametrize(
    "wrong",
    [
        {"sequence": 0},
        {"sequence": 2**53},
        {"sequence": True},
        {"clock": -1},
        {"seen": {"tab": -1}},
        {"seen": {f"writer-{number}": 1 for number in range(2_001)}},
        {"changes": {}},
        {"changes": {"choice": 2}},
        {"changes": {"Choice": "2"}},
        {"changes": {"choice": "x" * 110_001}},
        {"changes": {f"choice-{number}": "on" for number in range(201)}},
        {"age": -1},
        {"typed": 1.5},
    ],
)
def test_a_wrong_entry_is_refused_and_none_of_its_batch_is_kept(
    page: Client, attempt: Attempt, wrong: dict[str, Any]
) -> None:
    batch = {"writer": "tab", "entries": [ENTRY, ENTRY | {"sequence": 2} | wrong]}
    answer = send(page, attempt, batch)
    assert answer.status_code == 400
    assert answer.json()["refused"].startswith("entries.1")
    assert saved_answer(attempt) == {}


@pytest.mark.parametrize("known", [None, [], {"tab": "1"}, {"a b": 1}])
def test_what_a_page_says_it_knows_is_read_strictly(
    page: Client, attempt: Attempt, known: Any
) -> None:
    answer = send(page, attempt, {"writer": "tab", "known": known, "entries": [ENTRY]})
    assert answer.status_code == 400


def test_a_text_that_is_no_text_is_mended(page: Client, attempt: Attempt) -> None:
    entry = ENTRY | {"changes": {"choice": "a\0b\ud800c"}}
    assert send(page, attempt, {"writer": "tab", "entries": [entry]}).status_code == 200
    assert saved_answer(attempt) == {"choice": "a\ufffdb\ufffdc"}


def test_twenty_thousand_entries_leave_the_answer_as_small_as_one(
    page: Client, attempt: Attempt, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for first in range(1, 20_001, 200):
        entries = [
            ENTRY | {"sequence": number, "clock": number, "changes": {"choice": str(number)}}
            for number in range(first, first + 200)
        ]
        assert send(page, attempt, {"writer": "tab", "entries": entries}).status_code == 200
    assert saved_answer(attempt) == {"choice": "20000"}
    kept = Saved.objects.get(attempt=attempt)
    assert len(json.dumps(kept.state)) < 200
    again = ENTRY | {"sequence": 20_001, "clock": 20_001}
    with django_assert_max_num_queries(7):
        send(page, attempt, {"writer": "tab", "entries": [again]})


def test_more_pages_than_anybody_opens_are_refused_and_what_was_there_stays(
    page: Client, attempt: Attempt
) -> None:
    past = {f"page-{number}": 1 for number in range(MOST_WRITERS)}
    state = {"past": past, "fields": {"choice": [["1", "page-0", 1, 1]]}}
    Saved.objects.create(attempt=attempt, state=state, revision=1, saved_at=timezone.now())
    answer = send(page, attempt, {"writer": "tab", "entries": [ENTRY]})
    assert answer.status_code == 413
    assert saved_answer(attempt) == {"choice": "1"}


def test_an_assistant_neither_reads_nor_writes_it(
    client: Client, attempt: Attempt, enrol: Any
) -> None:
    client.force_login(enrol("assistant", Enrolment.Role.ASSISTANT))
    assert client.get(f"/attempts/{attempt.pk}/journal/").status_code == 404
    assert send(client, attempt, {"writer": "tab", "entries": [ENTRY]}).status_code == 404


def test_what_somebody_typed_still_arrives_when_they_have_left_the_course(
    page: Client, attempt: Attempt
) -> None:
    Enrolment.objects.filter(user=attempt.learner).delete()
    assert send(page, attempt, {"writer": "tab", "entries": [ENTRY]}).status_code == 200


def test_a_browser_may_keep_the_page_of_an_answer_for_its_learner_alone(
    page: Client, attempt: Attempt
) -> None:
    shown = page.get(f"/questions/{attempt.question.slug}/")
    assert shown["X-Kept-For"] == str(attempt.learner_id)
    assert "X-Kept-For" not in page.get("/")

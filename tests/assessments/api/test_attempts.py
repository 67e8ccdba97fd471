"""Attempts by the API: begun, saved, answered, flagged."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from assessments.models import Attempt, Course, Response, Saved, Sitting, User
from assessments.services import attempt_for
from assessments.services.sittings import begin
from question_bank.models import Question
from tests.assessments.api.conftest import Api
from tests.cast.sittings import assessment, practice, save

HERE = "/api/v1/attempts/"
RIGHT_OR_NOT = {"answer": {"choice": "1"}}


@pytest.fixture
def mine(learner: User, api: Api) -> Client:
    return api(learner)


@pytest.fixture
def attempt(learner: User) -> Attempt:
    return attempt_for(learner, Question.objects.get(slug="which-cut"))


def post(client: Client, path: str, body: Any, **headers: str) -> HttpResponse:
    return client.post(HERE + path, body, "application/json", headers=headers)


def put(client: Client, attempt: Attempt, answer: dict[str, Any], tag: str | None) -> HttpResponse:
    headers = {} if tag is None else {"If-Match": tag}
    path = f"{HERE}{attempt.pk}/answer/"
    return client.put(path, {"answer": answer}, "application/json", headers=headers)


def reasons(answer: HttpResponse) -> list[str]:
    return [error["field"] for error in answer.json()["errors"]]  # type: ignore[attr-defined]


def test_practising_begins_once_and_goes_on(mine: Client) -> None:
    first = post(mine, "", {"question": "which-cut"})
    again = post(mine, "", {"question": "which-cut"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert first["Location"] == f"{HERE}{first.json()['id']}/"


def test_again_begins_anew_once_something_is_answered(mine: Client, attempt: Attempt) -> None:
    wanted = {"question": "which-cut", "again": True}
    assert post(mine, "", wanted).json()["id"] == attempt.pk
    post(mine, f"{attempt.pk}/responses/", RIGHT_OR_NOT)
    other = post(mine, "", wanted)
    assert (other.status_code, other.json()["number"]) == (201, 2)


def test_the_same_key_begins_anew_once(mine: Client, attempt: Attempt) -> None:
    post(mine, f"{attempt.pk}/responses/", RIGHT_OR_NOT)
    wanted = {"question": "which-cut", "again": True}
    both = [post(mine, "", wanted, **{"Idempotency-Key": "k"}).json()["id"] for _ in range(2)]
    assert len(set(both)) == 1
    assert Attempt.objects.count() == 2


def test_an_answer_is_marked_at_once_and_once_a_key(mine: Client, attempt: Attempt) -> None:
    both = [
        post(mine, f"{attempt.pk}/responses/", RIGHT_OR_NOT, **{"Idempotency-Key": "k"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in both] == [201, 201]
    assert both[0].json() == both[1].json()
    assert both[0].json()["mark"]["earned"] in {"0.0000", "1.0000"}
    assert Response.objects.count() == 1


def test_an_answer_that_cannot_be_read_is_refused_in_words(mine: Client, attempt: Attempt) -> None:
    refused = post(mine, f"{attempt.pk}/responses/", {"answer": {"choice": "9"}})
    assert refused.status_code == 422
    assert refused.json()["detail"] == "Choose one of the answers, then check it."
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"answer": {"choise": "1"}}, "answer.choise"),
        ({"answer": {"choice": 1.5}}, ""),
        ({"answer": {"choice": None}}, "answer.choice"),
        ({"answer": {"choice": "\0"}}, "answer.choice"),
        ({"answer": {"choice": "1" * 200_000}}, "answer.choice"),
        ({"answer": []}, "answer"),
        ({"answer": {}, "seed": 3}, "seed"),
        ({}, "answer"),
    ],
)
def test_a_field_that_is_none_is_refused_by_name(
    mine: Client, attempt: Attempt, body: dict[str, Any], field: str
) -> None:
    refused = post(mine, f"{attempt.pk}/responses/", body)
    if field:
        assert refused.status_code == 400
        assert reasons(refused) == [field]
    else:
        assert refused.status_code == 422


def test_code_is_not_answered_here(mine: Client, learner: User) -> None:
    code = attempt_for(learner, Question.objects.get(slug="sliding-window"))
    refused = post(mine, f"{code.pk}/responses/", {"answer": {"source": "x"}})
    assert (refused.status_code, refused.json()["detail"]) == (
        409, "Code is submitted: POST it to submissions.",
    )  # fmt: skip


def test_saving_asks_for_what_one_has_seen(mine: Client, attempt: Attempt) -> None:
    path = f"{HERE}{attempt.pk}/answer/"
    assert put(mine, attempt, {"choice": "1"}, None).status_code == 428
    seen = mine.get(path)
    assert seen.json() == {"answer": {}}
    saved = put(mine, attempt, {"choice": "1"}, seen["ETag"])
    assert (saved.status_code, saved.json()) == (200, {"answer": {"choice": "1"}})
    assert saved["ETag"] == mine.get(path)["ETag"]
    assert put(mine, attempt, {"choice": "2"}, seen["ETag"]).status_code == 412
    assert mine.get(path).json() == {"answer": {"choice": "1"}}
    assert put(mine, attempt, {"choice": "2"}, saved["ETag"]).status_code == 200


def test_what_is_typed_is_its_learners_alone(
    mine: Client, attempt: Attempt, instructor: User, api: Api
) -> None:
    save(attempt, {"choice": "2"})
    assert mine.get(f"{HERE}{attempt.pk}/").json()["answer"] == {"choice": "2"}
    theirs = api(instructor)
    assert theirs.get(f"{HERE}{attempt.pk}/").json()["answer"] == {}
    assert theirs.get(f"{HERE}{attempt.pk}/answer/").status_code == 403


@pytest.fixture
def sat(learner: User, course: Course) -> Attempt:
    sitting = begin(learner, assessment(course, "which-cut"))
    return sitting.attempts.select_related("sitting__assessment").get()


def test_in_an_exam_an_answer_is_saved_and_not_marked(mine: Client, sat: Attempt) -> None:
    refused = post(mine, f"{sat.pk}/responses/", RIGHT_OR_NOT)
    assert (refused.status_code, refused.json()["type"]) == (
        409, "urn:sparring:problem:marked-later",
    )  # fmt: skip
    seen = mine.get(f"{HERE}{sat.pk}/answer/")["ETag"]
    assert put(mine, sat, {"choice": "1"}, seen).status_code == 200
    assert not Response.objects.exists()


def test_what_comes_too_late_is_kept_and_does_not_count(mine: Client, sat: Attempt) -> None:
    seen = mine.get(f"{HERE}{sat.pk}/answer/")["ETag"]
    over = timezone.now() - timedelta(minutes=5)
    Sitting.objects.update(due_at=over, grace_until=over)
    late = put(mine, sat, {"choice": "1"}, seen)
    assert (late.status_code, late.json()["type"]) == (409, "urn:sparring:problem:sitting-over")
    kept = Saved.objects.get(attempt=sat)
    assert kept.state.get("fields", {}) == {}
    assert kept.late["fields"]["choice"]
    assert Sitting.objects.get().by_clock


def test_a_practice_marks_at_once_and_the_same_answer_once(
    mine: Client, learner: User, course: Course
) -> None:
    sat = begin(learner, practice(course, "which-cut")).attempts.get()
    codes = [post(mine, f"{sat.pk}/responses/", RIGHT_OR_NOT).status_code for _ in range(2)]
    assert codes == [201, 200]
    assert Response.objects.count() == 1


def test_a_question_of_a_sitting_is_flagged_and_one_of_practice_is_not(
    mine: Client, sat: Attempt, attempt: Attempt
) -> None:
    def flagged(one: Attempt, body: dict[str, Any]) -> HttpResponse:
        return mine.patch(f"{HERE}{one.pk}/", body, "application/json")

    assert flagged(sat, {"is_flagged": True}).json()["is_flagged"] is True
    assert flagged(sat, {"is_flagged": False}).json()["is_flagged"] is False
    assert flagged(sat, {"points": 10}).status_code == 400
    Sitting.objects.all().update(handed_in_at=timezone.now())
    assert flagged(sat, {"is_flagged": True}).status_code == 409
    assert flagged(attempt, {"is_flagged": True}).status_code == 409


@pytest.mark.parametrize("key", ["x", "0", "-1", "99999999999999999999999", "1.0", "%00", "1e9"])
def test_a_number_that_is_none_is_not_found(mine: Client, key: str) -> None:
    assert mine.get(f"{HERE}{key}/").status_code == 404


@pytest.mark.parametrize("query", ["sitting=1.5", "sitting=99999999999999999999", "purpose=trial"])
def test_a_filter_that_is_none_is_refused(mine: Client, query: str) -> None:
    assert mine.get(f"{HERE}?{query}").status_code == 400


def test_lists_are_filtered(mine: Client, attempt: Attempt, learner: User) -> None:
    attempt_for(learner, Question.objects.get(slug="keys-seen"))
    rows = mine.get(f"{HERE}?question=which-cut").json()["results"]
    assert [row["id"] for row in rows] == [attempt.pk]
    assert mine.get(f"{HERE}?learner=teammate").json()["results"] == []
    assert len(mine.get(f"{HERE}?purpose=practice&order=-started_at").json()["results"]) == 2

"""Assessments and sittings by the API: begun once, handed in, with one's own accommodation."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from assessments.models import Accommodation, Assessment, Course, Sitting, User
from assessments.services.sittings import begin
from tests.assessments.api.conftest import Api
from tests.cast.sittings import asks, assessment, practice, save

HERE = "/api/v1/sittings/"


@pytest.fixture
def mine(learner: User, api: Api) -> Client:
    return api(learner)


@pytest.fixture
def exam(course: Course) -> Assessment:
    return assessment(course, "which-cut", "keys-seen")


def post(client: Client, body: Any, **headers: str) -> HttpResponse:
    return client.post(HERE, body, "application/json", headers=headers)


def test_a_sitting_begins_once_and_goes_on(mine: Client, exam: Assessment) -> None:
    first, again = (post(mine, {"assessment": exam.pk}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert [one["question"] for one in first.json()["questions"]] == ["which-cut", "keys-seen"]
    assert mine.get(f"/api/v1/assessments/{exam.pk}/").json()["going_on"] == first.json()["id"]


def test_what_is_saved_is_what_counts_when_it_is_handed_in(
    mine: Client, exam: Assessment, learner: User
) -> None:
    sitting = begin(learner, exam)
    save(sitting.attempts.get(question__slug="which-cut"), {"choice": "0"})
    whole = mine.get(f"{HERE}{sitting.pk}/").json()
    assert [one["is_answered"] for one in whole["questions"]] == [True, False]
    over = mine.post(f"{HERE}{sitting.pk}/hand-in/").json()
    assert over["handed_in_at"]
    assert over["is_going_on"] is False
    again = mine.post(f"{HERE}{sitting.pk}/hand-in/").json()
    assert again["handed_in_at"] == over["handed_in_at"]
    answers = mine.get(f"/api/v1/responses/?sitting={sitting.pk}").json()["results"]
    assert [one["answer"] for one in answers] == [{"choice": "0"}]


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"opens_at": timezone.now() + timedelta(hours=1)}, "not_open_yet"),
        ({"closes_at": timezone.now() - timedelta(minutes=1)}, "closed"),
        ({"sittings_allowed": 1}, "none_left"),
    ],
)
def test_where_none_begins_the_reason_is_told_beforehand_and_then(
    mine: Client, course: Course, learner: User, told: dict[str, Any], refusal: str
) -> None:
    exam = assessment(course, "which-cut", **told)
    if refusal == "none_left":
        sitting = begin(learner, exam)
        mine.post(f"{HERE}{sitting.pk}/hand-in/")
    assert mine.get(f"/api/v1/assessments/{exam.pk}/").json()["refusal"] == refusal
    refused = post(mine, {"assessment": exam.pk})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:sparring:problem:no-sitting")


def test_an_accommodation_is_taken_into_account(
    mine: Client, exam: Assessment, learner: User, instructor: User
) -> None:
    Accommodation.objects.create(
        learner=learner, course=exam.course, given_by=instructor, given_at=timezone.now(),
        factor=Decimal("1.5"),
    )  # fmt: skip
    told = mine.get(f"/api/v1/assessments/{exam.pk}/").json()
    assert (told["minutes"], told["seconds"], told["refusal"]) == (60, 5400, None)


def test_one_that_is_not_published_exists_for_those_who_teach(
    mine: Client, exam: Assessment, instructor: User, api: Api
) -> None:
    Assessment.objects.update(published_at=None)
    assert post(mine, {"assessment": exam.pk}).status_code == 404
    assert mine.get(f"/api/v1/assessments/{exam.pk}/").status_code == 404
    tried = post(api(instructor), {"assessment": exam.pk, "test": True})
    assert (tried.status_code, tried.json()["is_test"]) == (201, True)


def test_nobody_else_tries_one_out(mine: Client, exam: Assessment) -> None:
    assert post(mine, {"assessment": exam.pk, "test": True}).status_code == 403
    assert not Sitting.objects.exists()


def test_what_an_assessment_lacks_is_told_to_those_who_can_mend_it(
    mine: Client, course: Course, instructor: User, api: Api
) -> None:
    empty = practice(course)
    asks(empty, draws=5, kind="matching")
    learners, teachers = post(mine, {"assessment": empty.pk}), post(
        api(instructor), {"assessment": empty.pk, "test": True}
    )  # fmt: skip
    assert {learners.status_code, teachers.status_code} == {409}
    assert "pool" not in learners.json()["detail"]
    assert "pool" in teachers.json()["detail"]


def test_one_whose_time_is_over_is_handed_in_by_the_clock(
    mine: Client, exam: Assessment, learner: User
) -> None:
    sitting = begin(learner, exam)
    over = timezone.now() - timedelta(minutes=5)
    Sitting.objects.update(due_at=over, grace_until=over)
    told = mine.get(f"{HERE}{sitting.pk}/").json()
    assert (told["by_clock"], told["is_going_on"]) == (True, False)


def test_the_same_key_begins_one_sitting(mine: Client, exam: Assessment) -> None:
    sent = {"assessment": exam.pk}
    both = [post(mine, sent, **{"Idempotency-Key": "k"}) for _ in range(2)]
    assert [one.status_code for one in both] == [201, 201]
    assert both[0].json() == both[1].json()


@pytest.mark.parametrize("body", [{}, {"assessment": "x"}, {"assessment": 10**30}, {"pk": 1}, []])
def test_what_names_no_assessment_is_refused(mine: Client, body: Any) -> None:
    assert post(mine, body).status_code == 400


def test_lists_cost_as_many_queries_however_long(
    mine: Client, course: Course, learner: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        begin(learner, assessment(course, "which-cut", slug=f"exam-{number}"))
    with django_assert_max_num_queries(8):
        assert len(mine.get("/api/v1/assessments/").json()["results"]) == 8
    with django_assert_max_num_queries(6):
        assert len(mine.get(f"{HERE}?handed_in=false").json()["results"]) == 8


def test_ones_own_results_are_told_once_they_are_released(
    mine: Client, course: Course, learner: User
) -> None:
    quiz = practice(course, "which-cut")
    sitting = begin(learner, quiz)
    path = f"/api/v1/courses/{course.slug}/results/"
    assert mine.get(path).json()["results"][0]["standing"] == "sitting"
    mine.post(f"{HERE}{sitting.pk}/hand-in/")
    (line,) = mine.get(path).json()["results"]
    assert (line["standing"], line["sitting"], line["taken"]) == ("decided", sitting.pk, 1)
    assert line["score"] == {"least": "0.00", "most": "0.00", "of": "1.00", "decided": True}

"""What instructors do by the API: the gradebook, people, more time, assessments as built."""

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from assessments.models import Accommodation, Course, Enrolment, Sitting, User
from assessments.services import mark_text
from assessments.services.sittings import begin
from question_bank.models import Question
from tests.assessments.api.test_who_may import signed_in
from tests.cast.essays import ALL, essay, given, handed_in
from tests.cast.gradebooks import fill
from tests.cast.people import person
from tests.cast.sittings import assessment


@pytest.fixture
def teacher(instructor: User) -> Client:
    return signed_in(instructor)


def sent(client: Client, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
    data = b"" if body is None else json.dumps(body)
    return client.generic(method, path, data, "application/json", headers=headers)


def errors(answer: HttpResponse) -> list[str]:
    return [one["field"] for one in answer.json()["errors"]]  # type: ignore[attr-defined]


def people(course: Course) -> str:
    return f"/api/v1/courses/{course.slug}/enrolments/"


def gradebook(course: Course) -> str:
    return f"/api/v1/courses/{course.slug}/gradebook/"


def test_a_gradebook_of_many_learners_is_read_in_pages(
    teacher: Client, course: Course, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    questions = list(Question.objects.filter(slug__in=["which-cut", "keys-seen"]))
    fill(course, learners=500, assessments=3, questions=questions)
    with django_assert_max_num_queries(10):
        page = teacher.get(gradebook(course)).json()
    rows = page["results"]
    while page["next"]:
        page = teacher.get(page["next"]).json()
        rows += page["results"]
    assert len({row["learner"]["id"] for row in rows}) == len(rows) == 500
    assert {len(row["results"]) for row in rows} == {3}
    first = rows[0]["results"][0]
    assert first["standing"] in {"waiting", "decided"}
    assert float(first["points"]) <= float(first["at_most"]) <= float(first["of"]) == 6
    with django_assert_max_num_queries(10):
        assert len(teacher.get(f"{people(course)}?limit=200").json()["results"]) == 200
    with django_assert_max_num_queries(10):
        assert len(teacher.get("/api/v1/users/?limit=200").json()["results"]) == 200
    with django_assert_max_num_queries(10):
        assert len(teacher.get("/api/v1/waiting/").json()["results"]) == 50


def test_a_column_or_a_row_of_the_gradebook(
    teacher: Client, course: Course, learner: User, teammate: User
) -> None:
    assessment(course, "which-cut", slug="one")
    begin(learner, assessment(course, "keys-seen", slug="two"))
    rows = teacher.get(f"{gradebook(course)}?assessment=two").json()["results"]
    assert [row["results"][0]["standing"] for row in rows] == ["sitting", "none"]
    assert {len(row["results"]) for row in rows} == {1}
    one = teacher.get(f"{gradebook(course)}?learner=teammate&fields=learner").json()["results"]
    assert [row["learner"]["username"] for row in one] == ["teammate"]
    assert teacher.get(f"{gradebook(course)}?assessment=nowhere").status_code == 400


def test_what_is_marked_waits_no_more(teacher: Client, course: Course, learner: User) -> None:
    response = handed_in(learner, essay(course))
    rows = teacher.get("/api/v1/waiting/?question=why-memory").json()["results"]
    assert [row["id"] for row in rows] == [response.pk]
    assert learner.username not in str(rows)
    mark_text(response, User.objects.get(username="instructor"), given(ALL), seen=None)
    assert teacher.get("/api/v1/waiting/").json()["results"] == []


@pytest.mark.parametrize("number", [0, -5, 2**63, -(10**26), "1.5", "x"])
def test_what_waits_is_not_looked_for_by_what_is_no_number_of_anything(
    teacher: Client, number: object
) -> None:
    refused = teacher.get("/api/v1/waiting/", {"assessment": str(number)})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"] == "assessment"


def test_somebody_is_enrolled_once(teacher: Client, course: Course, stranger: User) -> None:
    body, key = {"who": "stranger", "role": "assistant"}, {"Idempotency-Key": "k"}
    first, again = (sent(teacher, "POST", people(course), body, **key) for _ in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    assert Enrolment.objects.get(user=stranger).role == "assistant"
    assert sent(teacher, "POST", people(course), {"who": "stranger"}).status_code == 201
    assert Enrolment.objects.get(user=stranger).role == "assistant"


def test_an_address_that_is_not_confirmed_names_nobody_for_certain(
    teacher: Client, course: Course, stranger: User
) -> None:
    User.objects.filter(pk=stranger.pk).update(email="s@school.example")
    unsure = sent(teacher, "POST", people(course), {"who": "s@school.example"})
    assert (unsure.status_code, errors(unsure)) == (400, ["who"])
    EmailAddress.objects.create(user=stranger, email="s@school.example", verified=True)
    assert sent(teacher, "POST", people(course), {"who": "s@school.example"}).status_code == 201


@pytest.mark.parametrize(
    "who", ["", "nobody", "a,b", "learner;teammate", "a\0b", "\ud800", 7, None, [], "x" * 300]
)
def test_whoever_is_nobody_is_not_enrolled(teacher: Client, course: Course, who: object) -> None:
    count = Enrolment.objects.count()
    answer = sent(teacher, "POST", people(course), {"who": who})
    assert (answer.status_code, errors(answer)) == (400, ["who"])
    assert Enrolment.objects.count() == count


def test_a_course_keeps_its_last_instructor(
    teacher: Client, course: Course, instructor: User
) -> None:
    own = f"{people(course)}{Enrolment.objects.get(user=instructor).pk}/"
    for method, body in (("PATCH", {"role": "learner"}), ("DELETE", None)):
        answer = sent(teacher, method, own, body)
        assert answer.status_code == 409
        assert "only instructor" in answer.json()["detail"]
    person("second", course, Enrolment.Role.INSTRUCTOR)
    assert sent(teacher, "PATCH", own, {"role": "learner"}).json()["role"] == "learner"
    assert sent(teacher, "PATCH", own, {"role": "instructor"}).status_code == 404


def test_an_enrolment_of_another_course_is_not_there(teacher: Client, course: Course) -> None:
    other = Course.objects.create(slug="other", title="Other", summary="Another.")
    theirs = person("elsewhere", other)
    pk = Enrolment.objects.get(user=theirs).pk
    assert sent(teacher, "DELETE", f"{people(course)}{pk}/").status_code == 404
    assert teacher.get(people(other)).status_code == 404


def more(client: Client, **told: Any) -> HttpResponse:
    body = {"learner": "learner", "course": "small", "factor": "1.5"} | told
    return sent(client, "POST", "/api/v1/accommodations/", body)


def test_more_time_moves_the_end_of_an_open_sitting(
    teacher: Client, course: Course, learner: User
) -> None:
    sitting = begin(learner, assessment(course, "which-cut"))
    hour = timedelta(hours=1)

    def minutes() -> float:
        now = Sitting.objects.get(pk=sitting.pk)
        assert now.due_at is not None
        return (now.due_at - now.started_at) / hour * 60

    made = more(teacher, course=course.slug, assessment="exam")
    assert (made.status_code, minutes()) == (201, 90)
    path = made["Location"]
    changed = sent(teacher, "PATCH", path, {"factor": "2"}, **{"If-Match": made["ETag"]})
    assert (changed.status_code, minutes()) == (200, 120)
    stale = sent(teacher, "PATCH", path, {"factor": "3"}, **{"If-Match": made["ETag"]})
    assert (stale.status_code, minutes()) == (412, 120)
    assert sent(teacher, "PATCH", path, {"factor": "3"}).status_code == 428
    assert sent(teacher, "DELETE", path).status_code == 204
    assert minutes() == 60


def test_there_is_one_accommodation_a_place(teacher: Client, course: Course, learner: User) -> None:
    assert more(teacher, course=course.slug).status_code == 201
    again = more(teacher, course=course.slug)
    assert (again.status_code, errors(again)) == (422, ["learner"])
    assert Accommodation.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"learner": "stranger"}, "learner"),
        ({"learner": "a\0b"}, "learner"),
        ({"assessment": "nowhere"}, "assessment"),
        ({"factor": "0.5"}, "factor"),
        ({"factor": "NaN"}, "factor"),
        ({"factor": 10**30}, "factor"),
        ({"extra_sittings": 2**63}, "extra_sittings"),
        ({"extra_sittings": -1}, "extra_sittings"),
        ({"note": "x" * 401}, "note"),
        ({"given_by": 1}, "given_by"),
    ],
)
def test_an_accommodation_that_is_none(
    teacher: Client, course: Course, learner: User, stranger: User, told: Any, field: str
) -> None:
    answer = more(teacher, course=course.slug, **told)
    assert (answer.status_code, errors(answer)) == (400, [field])
    assert not Accommodation.objects.exists()


def test_marks_are_released_and_held_back(teacher: Client, course: Course) -> None:
    exam = assessment(course, "which-cut", published_at=None)
    here = f"/api/v1/teaching/assessments/{exam.pk}/"
    assert sent(teacher, "POST", f"{here}release/").json()["released_at"]
    assert sent(teacher, "POST", f"{here}hold-back/").json()["released_at"] is None
    assert sent(teacher, "POST", f"{here}publish/").json()["published_at"]


def test_an_assessment_that_cannot_be_sat_is_not_published(
    teacher: Client, course: Course, learner: User
) -> None:
    empty = assessment(course, slug="empty", published_at=None)
    answer = sent(teacher, "POST", f"/api/v1/teaching/assessments/{empty.pk}/publish/")
    assert answer.status_code == 409
    assert "no questions" in answer.json()["detail"]
    sat = assessment(course, "which-cut")
    begin(learner, sat)
    answer = sent(teacher, "POST", f"/api/v1/teaching/assessments/{sat.pk}/unpublish/")
    assert answer.status_code == 409


@pytest.mark.parametrize(
    "path",
    [
        "users/99999999999999999999/",
        "users/-1/",
        "users/%00/",
        "accommodations/999999999/",
        "courses/%00/gradebook/",
        "courses/nowhere/enrolments/",
        "teaching/assessments/1e3/",
    ],
)
def test_an_address_of_nothing_is_a_404(teacher: Client, path: str) -> None:
    answer = teacher.get(f"/api/v1/{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"

"""Lists: by cursor, filtered, ordered, sparse, and not sent again when they are known."""

import pytest
from django.conf import LazySettings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.models import Course, User
from assessments.services import attempt_for, record_response, start_again
from question_bank.models import Question
from tests.assessments.api.conftest import Api

QUESTIONS = "/api/v1/questions/"


@pytest.fixture
def mine(learner: User, api: Api) -> Client:
    return api(learner)


def slugs(answer: HttpResponse) -> list[str]:
    return [row["slug"] for row in answer.json()["results"]]  # type: ignore[attr-defined]


def test_pages_together_have_every_row_once(mine: Client, course: Course) -> None:
    address, found = f"{QUESTIONS}?limit=1", []
    while address:
        page = mine.get(address)
        found += slugs(page)
        address = page.json()["next"]
    assert found == sorted(course.questions.values_list("slug", flat=True))
    assert len(found) > 1


def test_rows_are_ordered_as_asked_and_the_other_way_round(mine: Client) -> None:
    forwards = slugs(mine.get(f"{QUESTIONS}?order=title"))
    assert slugs(mine.get(f"{QUESTIONS}?order=-title")) == forwards[::-1]


def test_they_are_filtered(mine: Client) -> None:
    assert slugs(mine.get(f"{QUESTIONS}?kind=code")) == ["sliding-window"]
    assert slugs(mine.get(f"{QUESTIONS}?course=nowhere")) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kind=poem", "kind"),
        ("difficulty=99999999999999999999999", "difficulty"),
        ("difficulty=%00", "difficulty"),
        ("concept=%00", "concept"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=%F0%9D%9F%97", "limit"),
        ("order=digest", "order"),
        ("cursor=bm8", "cursor"),
        ("cursor=%00", "cursor"),
        ("fields=slug,live", "fields"),
        ("knid=code", "knid"),
    ],
)
def test_a_parameter_that_says_nothing_is_refused_by_name(
    mine: Client, query: str, field: str
) -> None:
    answer = mine.get(f"{QUESTIONS}?{query}")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_only_the_fields_asked_for_are_told(mine: Client) -> None:
    rows = mine.get(f"{QUESTIONS}?fields=slug,kind").json()["results"]
    assert {tuple(row) for row in rows} == {("slug", "kind")}
    assert list(mine.get(f"{QUESTIONS}sliding-window/?fields=title").json()) == ["title"]


def test_what_is_known_is_not_sent_again(mine: Client, course: Course) -> None:
    first = mine.get(f"/api/v1/courses/{course.slug}/")
    again = mine.get(first.wsgi_request.path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    weak = mine.get(first.wsgi_request.path, headers={"If-None-Match": f"W/{first['ETag']}"})
    assert weak.status_code == 304
    Course.objects.update(title="Another title")
    assert (
        mine.get(first.wsgi_request.path, headers={"If-None-Match": first["ETag"]}).status_code
        == 200
    )


def test_what_is_told_is_nobody_elses(mine: Client) -> None:
    assert mine.get(QUESTIONS)["Cache-Control"] == "private, no-cache"


def test_times_are_utc_wherever_the_pages_are(learner: User, settings: LazySettings) -> None:
    settings.TIME_ZONE = "Asia/Kolkata"
    browser = Client()
    browser.force_login(learner)
    asked = {"name": "marks", "scopes": ["gradebook:read"]}
    made = browser.post("/api/v1/tokens/", asked, "application/json")
    assert made.json()["created_at"].endswith("Z")


@pytest.mark.parametrize("path", ["/api/v1/attempts/", "/api/v1/responses/"])
def test_a_longer_list_costs_no_more_queries(mine: Client, learner: User, path: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            rows = mine.get(path).json()["results"]
        counts.append(len(rows))
        return len(seen)

    counts: list[int] = []
    mine.get(path)  # that the token was used is noted now
    question = Question.objects.get(slug="which-cut")
    record_response(attempt_for(learner, question), {"choice": "0"})
    few = queries()
    for _ in range(6):
        record_response(start_again(learner, question), {"choice": "0"})
    assert queries() == few
    assert counts == [1, 7]

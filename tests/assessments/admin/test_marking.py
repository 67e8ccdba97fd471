"""Marking in the admin: what waits, one answer after the other, and nobody overwritten."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from assessments.models import Course, Enrolment, Response, RubricMark, User
from assessments.services import attempt_for, mark_text, record_response
from question_bank.models import Question
from tests.assessments.admin.conftest import SignedIn
from tests.cast.essays import ALL, HALF, credit, essay, given, handed_in
from tests.cast.people import person
from tests.cast.questions import published
from tests.question_bank.design_items import DESIGN, answer

LIST = "/admin/assessments/waitingtext/"
FULL = {"level:text:cause": "3", "level:text:clear": "1", "comment": "Good."}


def at(response: Response) -> str:
    return f"{LIST}{response.pk}/change/"


def words(page: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


@pytest.fixture
def staffed(course: Course) -> Callable[..., User]:
    """Make somebody who may enter the admin and has a part in the course."""

    def make(name: str, role: str) -> User:
        user = person(name, course, role)
        user.is_staff = True
        user.save()
        return user

    return make


@pytest.fixture
def marker(staffed: Callable[..., User]) -> User:
    return staffed("marker", Enrolment.Role.ASSISTANT)


@pytest.fixture
def page(marker: User, signed_in: SignedIn) -> Client:
    return signed_in(marker)


@pytest.fixture
def essay_question(course: Course) -> Question:
    return essay(course)


@pytest.fixture
def response(learner: User, essay_question: Question) -> Response:
    return handed_in(learner, essay_question)


def test_the_list_counts_what_waits_by_question_oldest_first(
    page: Client, course: Course, learner: User, teammate: User, marker: User
) -> None:
    first, second = essay(course, "first"), essay(course, "second")
    Question.objects.filter(pk=first.pk).update(title="Asked first")
    Question.objects.filter(pk=second.pk).update(title="Asked second")
    handed_in(learner, second)
    handed_in(learner, first)
    mark_text(handed_in(teammate, second), marker, given(ALL), seen=None)
    told = words(page.get(LIST))
    assert "2 answers wait for a person" in told
    assert told.index("Asked second") < told.index("Asked first")
    assert re.search(r"Asked second practice .{1,60}? 1 1 ", told)


def test_an_empty_list_says_what_will_be_there(page: Client) -> None:
    assert "Nothing waits." in words(page.get(LIST))


def test_a_course_is_chosen_where_there_are_several(
    page: Client, response: Response, marker: User, learner: User
) -> None:
    twin = Course.objects.create(slug="twin", title="Twin", summary="The same questions.")
    twin.items.create(question=response.attempt.question, position=0)
    Enrolment.objects.create(user=learner, course=twin)
    Enrolment.objects.create(user=marker, course=twin, role=Enrolment.Role.INSTRUCTOR)
    assert page.get(LIST).content.decode().count("onward/?course=") == 2
    assert page.get(f"{LIST}?course=twin").content.decode().count("onward/?course=") == 1


def test_a_pile_opens_at_what_waits_longest(
    page: Client, response: Response, teammate: User, marker: User
) -> None:
    later = handed_in(teammate, response.attempt.question)
    course = response.attempt.question.courses.get()
    pile = f"{LIST}onward/?course={course.pk}&question={response.attempt.question_id}"
    assert page.get(pile)["Location"] == f"{at(response)}?course={course.pk}"
    mark_text(response, marker, given(ALL), seen=None)
    assert page.get(pile)["Location"] == f"{at(later)}?course={course.pk}"
    mark_text(later, marker, given(ALL), seen=None)
    assert page.get(pile)["Location"] == f"{at(response)}?course={course.pk}"


@pytest.mark.parametrize("query", ["", "?course=1", "?course=x&question=1", "?course=1&question=0"])
def test_a_pile_that_is_not_there_is_not_found(page: Client, query: str) -> None:
    assert page.get(f"{LIST}onward/{query}").status_code == 404


def test_the_answer_stands_beside_the_rubric(page: Client, response: Response) -> None:
    html = page.get(at(response)).content.decode()
    assert "The cache grows." in html
    assert html.count('type="radio"') == 5
    assert "The cause, with its number." in html
    assert "checked" not in html
    assert "3 words; 3 to 6 were asked for" in html


def test_the_text_is_escaped(page: Client, learner: User, essay_question: Question) -> None:
    evil = handed_in(learner, essay_question, "<script>alert(1)</script> one two")
    html = page.get(at(evil)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; one two" in html
    assert "<script>alert" not in html


def test_the_name_is_shown_on_request_alone(page: Client, response: Response) -> None:
    User.objects.filter(pk=response.attempt.learner_id).update(username="zebedee")
    assert "zebedee" not in page.get(at(response)).content.decode()
    assert "zebedee" in page.get(f"{at(response)}?names=1").content.decode()
    for address in (LIST, "/admin/assessments/rubricmark/", "/admin/"):
        told = page.get(address)
        assert told.status_code == 200
        assert "zebedee" not in told.content.decode()


def test_a_mark_is_kept_as_it_is_given(page: Client, response: Response, marker: User) -> None:
    posted = FULL | {"comment:text:cause": "With\r\nits number.", "seen": ""}
    saved = page.post(at(response), posted | {"save": "1"})
    assert saved["Location"].startswith(at(response))
    mark = RubricMark.objects.get()
    assert (mark.marker, mark.comment, credit(response)) == (marker, "Good.", (1, 0))
    assert mark.given[0]["comment"] == "With\nits number."
    told = page.get(at(response)).content.decode()
    assert told.count("checked") == 2
    assert "With\nits number.</textarea>" in told


def test_saving_leads_to_the_next_that_waits(
    page: Client, response: Response, teammate: User, stranger: User, course: Course
) -> None:
    second = handed_in(teammate, response.attempt.question)
    Enrolment.objects.create(user=stranger, course=course)
    third = handed_in(stranger, response.attempt.question)
    to = page.post(at(second), FULL | {"seen": "", "next": "1"})["Location"]
    assert to.startswith(at(third))
    to = page.post(at(third), FULL | {"seen": "", "next": "1"})["Location"]
    assert to.startswith(at(response))
    assert page.post(at(response), FULL | {"seen": "", "next": "1"})["Location"] == LIST


def test_a_name_that_is_shown_stays_shown_on_the_way(
    page: Client, response: Response, teammate: User
) -> None:
    handed_in(teammate, response.attempt.question)
    saved = page.post(f"{at(response)}?names=1", FULL | {"seen": "", "next": "1"})
    assert "names=1" in saved["Location"]


def test_without_a_level_it_is_refused_and_what_was_typed_is_there(
    page: Client, response: Response
) -> None:
    posted = {"level:text:clear": "1", "comment:text:cause": "Hm.", "comment": "So.", "seen": ""}
    refused = page.post(at(response), posted)
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "Choose a level for each criterion: Names the cause." in html
    assert "Hm.</textarea>" in html
    assert "So.</textarea>" in html
    assert html.count("checked") == 1
    assert not RubricMark.objects.exists()


@pytest.mark.parametrize("points", ["2", "-1", "9999", "x", "٣"])
def test_points_that_no_level_gives_are_refused(
    page: Client, response: Response, points: str
) -> None:
    posted = FULL | {"level:text:cause": points, "seen": ""}
    assert page.post(at(response), posted).status_code == 422
    assert not RubricMark.objects.exists()


def test_what_another_marked_meanwhile_is_shown_beside_ones_own(
    page: Client, response: Response, instructor: User
) -> None:
    theirs = mark_text(response, instructor, given(HALF, cause="Theirs."), seen=None)
    refused = page.post(at(response), FULL | {"comment": "Mine.", "seen": ""})
    assert refused.status_code == 409
    html = refused.content.decode()
    assert "Somebody else has marked this text since you opened it." in html
    assert "Theirs." in html
    assert "Mine.</textarea>" in html
    assert RubricMark.objects.get() == theirs
    again = page.post(
        at(response), FULL | {"comment": "Mine.", "seen": str(theirs.pk), "reason": "Talked over."}
    )
    assert again.status_code == 302
    assert credit(response) == (1, 0)


def test_a_correction_asks_why(page: Client, response: Response, instructor: User) -> None:
    first = mark_text(response, instructor, given(HALF), seen=None)
    refused = page.post(at(response), FULL | {"seen": str(first.pk)})
    assert refused.status_code == 422
    assert "Say why the mark is changed" in refused.content.decode()
    assert credit(response) == (0.5, 0)


def test_a_mark_is_taken_back_with_a_reason(
    page: Client, response: Response, instructor: User
) -> None:
    first = mark_text(response, instructor, given(HALF), seen=None)
    posted = {"take_back": "1", "seen": str(first.pk)}
    assert page.post(at(response), posted).status_code == 422
    assert page.post(at(response), posted | {"reason": "The wrong one."}).status_code == 302
    assert credit(response) == (0, 1)
    told = words(page.get(at(response)))
    assert "Taken back by marker (assistant)" in told
    assert "why: The wrong one." in told
    assert "2 of 4 points by instructor (instructor)" in told


def test_a_design_shows_what_was_decided_already(
    page: Client, course: Course, learner: User
) -> None:
    question = published(course, "stack", DESIGN)
    response = record_response(attempt_for(learner, question), answer(dense=32, windowed=0))
    told = words(page.get(at(response)))
    assert "40 % of the mark is earned, 40 % is yours to give" in told
    assert "Your design meets 2 of 3 requirements." in told
    assert page.post(at(response), {"level:text:why": "4", "seen": ""}).status_code == 302
    assert credit(response) == (0.72, 0)


def who(
    pages: dict[str, Client], ask: Callable[[Client], Any], status: tuple[int, ...] = (200, 302)
) -> set[str]:
    return {name for name, page in pages.items() if ask(page).status_code in status}


@pytest.fixture
def pages(
    learner: User,
    teammate: User,
    stranger: User,
    marker: User,
    nobody: User,
    staffed: Callable[..., User],
    signed_in: SignedIn,
) -> dict[str, Client]:
    """Everybody's browser; all but the anonymous one may enter the admin."""
    cast = {
        "owner": learner,
        "teammate": teammate,
        "stranger": stranger,
        "assistant": marker,
        "instructor": staffed("teacher", Enrolment.Role.INSTRUCTOR),
        "staff": nobody,
    }
    User.objects.update(is_staff=True)
    for user in cast.values():
        user.refresh_from_db()
    return {name: signed_in(user) for name, user in cast.items()}


@pytest.mark.parametrize("verb", ["look", "mark", "go on", "list"])
def test_only_those_who_mark_the_course_get_anywhere(
    pages: dict[str, Client], response: Response, verb: str
) -> None:
    course = response.attempt.question.courses.get()
    pile = f"{LIST}onward/?course={course.pk}&question={response.attempt.question_id}"
    last = {"seen": ""}

    def ask(page: Client) -> HttpResponse:
        if verb == "mark":
            return page.post(at(response), FULL | last)  # type: ignore[return-value]
        return page.get({"look": at(response), "go on": pile, "list": LIST}[verb])  # type: ignore[return-value]

    if verb == "mark":
        reached = {name for name, page in pages.items() if ask(page).status_code in (302, 409)}
    else:
        reached = who(pages, ask)
    assert reached == {"assistant", "instructor"}
    assert RubricMark.objects.count() == (verb == "mark")


def test_who_is_not_signed_in_or_no_staff_is_sent_to_log_in(
    client: Client, response: Response, learner: User
) -> None:
    for address in (LIST, at(response), f"{LIST}onward/"):
        assert client.get(address)["Location"].startswith("/admin/login/")
    client.force_login(learner)
    assert client.get(LIST)["Location"].startswith("/admin/login/")


def test_an_assistant_finds_the_list_in_the_admin_and_nothing_that_changes_the_course(
    page: Client, response: Response
) -> None:
    assert LIST in page.get("/admin/").content.decode()
    course = response.attempt.question.courses.get()
    address = reverse("admin:assessments_course_change", args=[course.pk])
    assert page.post(address, {"title": "Mine"}).status_code == 403
    assert page.get("/admin/assessments/enrolment/add/").status_code == 403


def test_the_pages_stay_under_twenty_queries(
    page: Client,
    course: Course,
    essay_question: Question,
    marker: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(30):
        text = handed_in(person(f"learner-{number}", course), essay_question)
        if number % 2:
            mark_text(text, marker, given(HALF), seen=None)
    for address in (LIST, at(text)):
        with django_assert_max_num_queries(19):
            page.get(address)

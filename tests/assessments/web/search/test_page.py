import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import Assessment, Course, CourseItem, Enrolment, User
from assessments.web.search.finding import Group, find_all
from question_bank.models import Question, QuestionVersion, Tag
from tests.cast.work import calls


def found(client: Client, typed: str, **asked: str) -> str:
    response = client.get("/search/", {"q": typed, **asked})
    assert response.status_code == 200
    return response.content.decode().split("<main")[1]


def test_a_concept_is_found_by_its_title_before_those_that_mention_it(page: Client) -> None:
    html = found(page, "kv cache")
    links = re.findall(r'href="/concepts/([a-z-]+)/"', html)
    assert links[0] == "kv-cache"
    assert len(links) > 1
    assert "<mark>KV</mark> <mark>cache</mark>" in html


def test_terms_are_found_by_what_else_they_are_called(page: Client) -> None:
    html = found(page, "GQA")
    assert 'href="/courses/sparse-attention/glossary/#grouped-query-attention"' in html


def test_questions_are_found_by_title_and_by_tag_and_not_by_what_they_say(
    page: Client, course: Course
) -> None:
    question = Question.objects.get(slug="masked-dense-flaw")
    question.tags.add(Tag.objects.create(name="Vorstellungsgespräch"))
    link = 'href="/questions/masked-dense-flaw/"'
    assert link in found(page, question.title)
    assert link in found(page, "vorstellungsgesprach")
    assert question.live is not None
    words = question.live.content["choices"][0]["feedback"].split()
    assert link not in found(page, " ".join(words[:6]))


def test_a_question_that_is_not_live_is_not_found(page: Client, course: Course) -> None:
    question = Question.objects.get(slug="masked-dense-flaw")
    assert f"/questions/{question.slug}/" in found(page, question.title)
    Question.objects.filter(pk=question.pk).update(live=None)
    assert f"/questions/{question.slug}/" not in found(page, question.title)


def test_an_assessment_is_found_once_it_is_published(page: Client, course: Course) -> None:
    exam = Assessment.objects.create(course=course, slug="final", title="Zebra final", kind="exam")
    assert "Nothing fits" in found(page, "zebra")
    exam.published_at = timezone.now()
    exam.save()
    assert 'href="/courses/sparse-attention/assessments/final/"' in found(page, "zebra")


def test_a_stranger_finds_nothing_of_a_closed_course(client: Client, course: Course) -> None:
    Course.objects.update(is_open=False)
    client.force_login(User.objects.create_user("stranger"))
    for typed in ("attention", "window", "cache", "a"):
        assert "Nothing fits" in found(client, typed)


def test_who_may_join_finds_what_can_be_read_and_no_questions(
    client: Client, course: Course
) -> None:
    client.force_login(User.objects.create_user("stranger"))
    html = found(client, "window")
    assert 'href="/concepts/local-window/"' in html
    assert "/questions/" not in html


def test_nothing_typed_says_how_to_search(page: Client) -> None:
    for typed in ("", "   ", "--"):
        assert "Type words" in found(page, typed)


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "%", "_", "\0x", "a" * 5000, "' OR 1=1 --", "☃"]
)
def test_whatever_is_typed_is_no_error(page: Client, typed: str) -> None:
    assert "<script>" not in found(page, typed)


def many(course: Course, count: int) -> None:
    live = Question.objects.get(slug="masked-dense-flaw").live
    assert isinstance(live, QuestionVersion)
    rows = Question.objects.bulk_create(
        Question(slug=f"q-{number}", kind="choice", title=f"Entry {number} of a ledger", live=live)
        for number in range(count)
    )
    CourseItem.objects.bulk_create(
        CourseItem(course=course, question=row, position=1000 + place)
        for place, row in enumerate(rows)
    )


def test_hits_of_a_sort_come_in_pages_that_hold_each_once(page: Client, course: Course) -> None:
    many(course, 45)
    html = found(page, "ledger")
    assert html.count("/questions/q-") == 5
    assert "All 45" in html
    seen: list[str] = []
    for number in ("1", "2", "3"):
        html = found(page, "ledger", **{"in": "questions", "page": number})
        seen += re.findall(r'href="/questions/(q-\d+)/"', html)
    assert len(seen) == len(set(seen)) == 45
    assert "Page 3 of 3" in html
    assert "Page 3 of 3" in found(page, "ledger", **{"in": "questions", "page": "99"})


def test_a_search_takes_few_queries(
    page: Client, course: Course, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_max_num_queries(12):
        found(page, "attention")


def test_a_question_that_is_not_found_costs_a_search_little(learner: User, course: Course) -> None:
    before = calls(lambda: find_all(learner, ("zebra",)))
    many(course, 1000)
    groups: list[Group] = []
    after = calls(lambda: groups.extend(find_all(learner, ("zebra",))))
    assert groups == []
    assert (after - before) / 1000 < 70


def test_each_role_sees_the_search_of_its_own_course(client: Client, course: Course) -> None:
    instructor = User.objects.create_user("teacher")
    Enrolment.objects.create(user=instructor, course=course, role=Enrolment.Role.INSTRUCTOR)
    Assessment.objects.create(course=course, slug="draft", title="Zebra draft", kind="exam")
    client.force_login(instructor)
    assert "Zebra</mark> draft" in found(client, "zebra")

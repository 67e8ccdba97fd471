"""What a learner reads of a person's mark, and what lists say of it."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from assessments.models import Course, Enrolment, User
from assessments.services import mark_text, take_back
from assessments.web import course_page
from assessments.web.states import State, standings
from question_bank.models import Question
from tests.cast.essays import ALL, HALF, NONE, essay, given, handed_in
from tests.cast.questions import published
from tests.question_bank.design_items import DESIGN, answer
from tests.question_bank.test_case import CHOICE, content
from tests.question_bank.test_essay import ESSAY

ADDRESS = "/questions/why-memory/"


@pytest.fixture
def question(course: Course) -> Question:
    return essay(course)


@pytest.fixture
def marker(enrol: Callable[..., User]) -> User:
    return enrol("dr-marker", Enrolment.Role.ASSISTANT)


def read(page: Client, address: str = ADDRESS) -> str:
    html = page.get(address).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_mark_is_read_criterion_by_criterion(
    page: Client, learner: User, question: Question, marker: User
) -> None:
    response = handed_in(learner, question)
    comments = {"cause": "Which <b>cache</b>?\nAnd why?", "clear": ""}
    mark_text(response, marker, given(HALF, **comments), comment="Name a number.", seen=None)
    told = read(page)
    assert "Marked: 50 % of the credit. 2 of 4 points" in told
    assert "Names the cause 1 of 3: A cause. Which &lt;b&gt;cache&lt;/b&gt;? And why?" in told
    assert "Is clear 1 of 1: No filler." in told
    assert "Name a number." in told
    assert "Marked by an assistant" in told


def test_the_markers_name_is_not_told(
    page: Client, learner: User, question: Question, marker: User
) -> None:
    mark_text(handed_in(learner, question), marker, given(HALF), seen=None)
    assert "dr-marker" not in page.get(ADDRESS).content.decode()


def test_a_mark_is_no_longer_waited_for(
    page: Client, learner: User, question: Question, marker: User
) -> None:
    mark_text(handed_in(learner, question), marker, given(HALF), seen=None)
    told = read(page)
    assert "waits for a person" not in told
    assert "until then it counts neither for you nor against you" not in told


def test_what_was_said_to_the_text_before_is_kept_in_sight_while_a_new_one_waits(
    page: Client, learner: User, question: Question, marker: User
) -> None:
    response = handed_in(learner, question)
    mark_text(response, marker, given(HALF, cause="Which number?"), seen=None)
    later = handed_in(learner, question, "It grows with n.")
    told = read(page)
    assert "Handed in: 100 % of the credit waits for a person." in told
    assert "How your answer before this one was marked 2 of 4 points" in told
    assert "Which number?" in told
    mark_text(later, marker, given(ALL), seen=None)
    assert "Which number?" not in read(page)


def test_what_is_taken_back_is_waited_for_again(
    page: Client, learner: User, question: Question, marker: User
) -> None:
    response = handed_in(learner, question)
    mark = mark_text(response, marker, given(ALL), seen=None)
    take_back(response, marker, seen=mark.pk, reason="The wrong text.")
    told = read(page)
    assert "Handed in: 100 % of the credit waits for a person." in told
    assert "The wrong text." not in told


def test_a_correction_says_that_it_is_one(
    page: Client, learner: User, question: Question, marker: User
) -> None:
    response = handed_in(learner, question)
    first = mark_text(response, marker, given(HALF), seen=None)
    mark_text(response, marker, given(ALL), seen=first.pk, reason="Seen again.")
    told = read(page)
    assert "Marked: 100 % of the credit." in told
    assert "An earlier mark has been replaced by this one." in told


def test_a_design_keeps_what_was_said_of_its_requirements(
    page: Client, learner: User, course: Course, marker: User
) -> None:
    question = published(course, "why-memory", DESIGN)
    page.post(ADDRESS, answer(dense=32, windowed=0))
    response = question.attempts.get().responses.get()
    mark_text(response, marker, given({"why": 5}), seen=None)
    told = read(page)
    assert "Marked: 80 % of the credit. 5 of 5 points" in told
    assert "What was said when you handed it in Your design meets 2 of 3 requirements." in told


def test_each_text_of_a_case_has_its_own_rubric(
    page: Client, learner: User, course: Course, marker: User
) -> None:
    parts = [{"question": CHOICE}, {"question": ESSAY}, {"question": ESSAY | {"stem": "And now?"}}]
    question = published(course, "why-memory", content(parts=parts))
    texts = {"part-1-text": "The cache grows.", "part-2-text": "It grows more."}
    page.post(ADDRESS, {"part-0-choice": "0", **texts})
    response = question.attempts.get().responses.get()
    both = [*given(ALL, "part-1-text"), *given(NONE, "part-2-text")]
    mark_text(response, marker, both, seen=None)
    told = read(page)
    assert "run out of memory? 4 of 4 points" in told
    assert "And now? 0 of 4 points" in told


@pytest.mark.parametrize(
    ("points", "state"), [(ALL, State.PASSED), (HALF, State.MARKED), (NONE, State.FAILED)]
)
def test_lists_know_what_a_person_has_decided(
    learner: User, question: Question, marker: User, points: dict[str, int], state: State
) -> None:
    mark_text(handed_in(learner, question), marker, given(points), seen=None)
    assert standings(learner, [question])[question.pk].state is state


def test_a_text_after_a_mark_is_looked_at_again(
    learner: User, question: Question, marker: User
) -> None:
    mark_text(handed_in(learner, question), marker, given(HALF), seen=None)
    handed_in(learner, question, "It grows with n.")
    assert standings(learner, [question])[question.pk].state is State.HELD


def test_what_has_been_marked_is_not_asked_for_again_at_once(
    learner: User, course: Course, question: Question, marker: User
) -> None:
    course.items.exclude(question=question).delete()
    mark_text(handed_in(learner, question), marker, given(HALF), seen=None)
    assert course_page.context(course, learner)["next"] is None


def test_the_page_with_a_mark_stays_under_twenty_queries(
    page: Client,
    learner: User,
    question: Question,
    marker: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    mark_text(handed_in(learner, question), marker, given(HALF), seen=None)
    with django_assert_max_num_queries(19):
        page.get(ADDRESS)

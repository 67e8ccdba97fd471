"""The page of an essay: the text is kept, the rubric beside it, and a person waited for."""

import re

import pytest
from django.test import Client

from assessments.models import Course, Response, User
from assessments.services import attempt_for
from assessments.web.states import State, standings
from question_bank.models import Question
from question_bank.variants import variant_of
from tests.cast.questions import published
from tests.question_bank.test_case import CHOICE, content
from tests.question_bank.test_essay import ESSAY

ADDRESS = "/questions/why-memory/"


@pytest.fixture
def essay(course: Course) -> Question:
    return published(course, "why-memory", ESSAY | {"model_answer": "A model of mine."})


@pytest.fixture
def case(course: Course) -> Question:
    parts = [{"points": 1, "question": CHOICE}, {"points": 3, "question": ESSAY}]
    return published(course, "why-memory", content(parts=parts))


def html_of(page: Client, **answer: str) -> str:
    return page.post(ADDRESS, answer, follow=True).content.decode()


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_rubric_is_shown_before_anything_is_written(page: Client, essay: Question) -> None:
    told = words(page.get(ADDRESS).content.decode())
    assert "Your text, 3 to 6 words" in told
    assert "A person marks your text by the rubric, out of 4 points." in told
    assert "Names the cause 3 points 0 No cause. 1 A cause. 3 The cause" in told
    assert "Is clear 1 point No filler." in told
    assert "A model of mine." not in told


def test_what_is_handed_in_waits_and_is_not_called_wrong(page: Client, essay: Question) -> None:
    html = html_of(page, text="The cache <b>grows</b>.")
    kept = Response.objects.get()
    assert (kept.fraction, kept.waits) == (0, 1)
    assert "Handed in: 100 % of the credit waits for a person." in words(html)
    assert "A model of mine." in words(html)
    assert "The cache &lt;b&gt;grows&lt;/b&gt;.</textarea>" in html
    for harsh in ("wrong", "Not yet", "Partly right"):
        assert harsh not in html


def test_words_are_counted_without_script_and_nothing_is_kept(
    page: Client, essay: Question
) -> None:
    html = html_of(page, text="One two\r\nthree four five six seven", look="text")
    assert "Words so far: 7" in words(html)
    assert "seven</textarea>" in html
    assert 'value="text" formnovalidate autofocus' in html
    assert not Response.objects.exists()


def test_a_text_that_is_too_long_is_refused_and_still_there(page: Client, essay: Question) -> None:
    response = page.post(ADDRESS, {"text": "\none two three four five six seven"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "Your text has 7 words; 3 to 6 are asked for." in html
    assert ">\n\none two three" in html
    assert not Response.objects.exists()


def test_in_lists_it_is_a_person_who_looks_at_it(
    page: Client, learner: User, essay: Question
) -> None:
    html_of(page, text="The cache grows.")
    assert standings(learner, [essay])[essay.pk].state is State.HELD


def choose(learner: User, case: Question, text: str) -> dict[str, str]:
    """Answer the case, the essay in three words and the choice by its text."""
    attempt = attempt_for(learner, case)
    page = variant_of(attempt.version, attempt.seed).page
    shown = page.parts[0].choices  # type: ignore[attr-defined]
    return {"part-0-choice": str(shown.index(text)), "part-1-text": "The cache grows."}


def test_a_case_tells_what_is_earned_and_what_waits(
    page: Client, learner: User, case: Question
) -> None:
    told = words(html_of(page, **choose(learner, case, "Into reading the cache")))
    assert "25 % of the credit so far; 75 % waits for a person." in told
    assert "2. Not marked yet." in told
    assert standings(learner, [case])[case.pk].state is State.HELD


def test_what_is_lost_already_is_said_though_a_part_waits(
    page: Client, learner: User, case: Question
) -> None:
    html = html_of(page, **choose(learner, case, "Into the tokeniser"))
    assert "Handed in: 75 % of the credit waits for a person." in words(html)
    assert "1. Not yet." in words(html)
    assert standings(learner, [case])[case.pk].state is State.FAILED

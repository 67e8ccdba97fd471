"""Essays: read within their bounds, marked by nobody yet, alone and as a part of a case."""

import json
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from question_bank.courses.lint import texts
from question_bank.kinds import EssayPage, UnreadableAnswerError
from question_bank.kinds.case import CaseVariant
from question_bank.kinds.essay import EssayContent, EssayVariant
from question_bank.kinds.writing import Criterion
from question_bank.variants import vary
from tests.question_bank.test_case import CHOICE, HEAD, content
from tests.question_bank.test_lint import asking

LEVELS = [
    {"points": 0, "description": "No cause."},
    {"points": 1, "description": "A cause."},
    {"points": 3, "description": "The cause, with its number."},
]
ESSAY: dict[str, Any] = {
    **HEAD,
    "kind": "essay",
    "stem": "Why does the service run out of memory?",
    "words": {"least": 3, "most": 6},
    "rubric": [
        {"key": "cause", "title": "Names the cause", "points": 3, "levels": LEVELS},
        {"key": "clear", "title": "Is clear", "points": 1, "description": "No filler."},
    ],
}


def essay(**changed: Any) -> EssayVariant:
    made = vary(ESSAY | changed, 5)
    assert isinstance(made, EssayVariant)
    return made


def a_case(*points: int) -> CaseVariant:
    """Make a case of a choice and an essay."""
    parts = [
        {"points": count, "question": part}
        for count, part in zip(points, (CHOICE, ESSAY), strict=True)
    ]
    made = vary(content(parts=parts), 5)
    assert isinstance(made, CaseVariant)
    return made


def right_choice(case: CaseVariant) -> str:
    shown = case.page.parts[0].choices  # type: ignore[attr-defined]
    return str(shown.index("Into reading the cache"))


def test_the_whole_mark_waits_for_a_person() -> None:
    mark = essay().mark({"text": "The cache grows."})
    assert (mark.fraction, mark.waits) == (0, 1)
    assert mark.given == "a text of 3 words"
    assert "counts neither for you nor against you" in mark.feedback


@given(st.integers(0, 12))
def test_a_text_is_taken_within_its_bounds_and_only_there(number: int) -> None:
    text = " \r\n".join(["word"] * number)
    if 3 <= number <= 6:
        assert essay().mark({"text": text}).waits == 1
        return
    with pytest.raises(UnreadableAnswerError, match="3 to 6"):
        essay().mark({"text": text})


@pytest.mark.parametrize("answer", [{}, {"text": ""}, {"text": " \n\t"}, {"words": "a b c"}])
def test_without_a_text_one_is_asked_for(answer: dict[str, str]) -> None:
    with pytest.raises(UnreadableAnswerError, match="Write your text"):
        essay().mark(answer)


def test_a_text_of_few_but_endless_words_is_refused() -> None:
    with pytest.raises(UnreadableAnswerError, match="at most 120 characters"):
        essay().mark({"text": "a b " + "c" * 117})


def test_the_page_shows_the_rubric_and_not_the_model_answer() -> None:
    page = essay(model_answer="The cache grows unseen.").page
    assert isinstance(page, EssayPage)
    assert page.writing.points == 4
    assert "unseen" not in str(asdict(page))


def test_the_model_answer_stands_under_the_explanation() -> None:
    made = essay(model_answer="The cache grows unseen.")
    assert made.explanation.endswith("The cache grows unseen.")
    assert "all points" not in essay().explanation


@pytest.mark.parametrize(
    "changed",
    [
        {"rubric": []},
        {"rubric": [ESSAY["rubric"][1]] * 2},
        {"words": {"least": 7, "most": 6}},
        {"words": {"least": 0, "most": 6}},
        {"model_answer": "It grows."},
        {"model_answer": "One two three four five six seven."},
    ],
)
def test_an_essay_that_contradicts_itself_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        EssayContent.model_validate_json(json.dumps(ESSAY | changed))


@pytest.mark.parametrize(
    "changed",
    [
        {"description": "Both."},
        {"levels": []},
        {"points": 2},
        {"levels": LEVELS[2:]},
        {"levels": [LEVELS[1], LEVELS[0], LEVELS[2]]},
        {"levels": [LEVELS[1], LEVELS[1], LEVELS[2]]},
    ],
)
def test_a_criterion_is_described_once_and_its_levels_ascend(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Criterion.model_validate_json(json.dumps(ESSAY["rubric"][0] | changed))


def test_in_a_case_the_decided_and_the_waiting_are_weighed_by_points() -> None:
    case = a_case(1, 3)
    answer = {"part-0-choice": right_choice(case), "part-1-text": "The cache grows."}
    mark = case.mark(answer)
    assert (mark.fraction, mark.waits) == (Decimal("0.25"), Decimal("0.75"))
    assert "**1.** Right." in mark.feedback
    assert "**2.** Not marked yet. Your text of 3 words is kept." in mark.feedback


@given(st.integers(1, 100), st.integers(1, 100))
def test_what_a_case_decides_and_what_waits_make_one_where_nothing_is_lost(
    first: int, second: int
) -> None:
    case = a_case(first, second)
    mark = case.mark({"part-0-choice": right_choice(case), "part-1-text": "The cache grows."})
    assert mark.fraction + mark.waits == 1


def test_without_an_essay_nothing_of_a_case_waits() -> None:
    case = vary(content(), 5)
    assert isinstance(case, CaseVariant)
    answer = {"part-0-choice": "0", "part-1-number": "7", "part-2-words": "weights"}
    assert case.mark(answer).waits == 0


def test_a_text_that_is_too_short_names_its_part() -> None:
    with pytest.raises(UnreadableAnswerError, match="Question 2: Your text has 1 word; 3 to 6"):
        a_case(1, 1).mark({"part-0-choice": "0", "part-1-text": "Cache."})


def test_a_description_of_blanks_is_told_to_the_author() -> None:
    levels = [LEVELS[0], LEVELS[2] | {"description": " "}]
    rubric = [ESSAY["rubric"][0] | {"levels": levels}, ESSAY["rubric"][1] | {"description": "\n"}]
    course = asking(EssayContent.model_validate_json(json.dumps(ESSAY | {"rubric": rubric})))
    keys = [fault.key for fault in texts.without_descriptions(course)]
    assert keys == ["rubric.0.levels.1.description", "rubric.1.description"]

"""A case: parts of several kinds on one scenario, marked together and weighed by points."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from question_bank.kinds import CasePage, ContentError, UnreadableAnswerError
from question_bank.kinds.case import CaseContent, CaseVariant
from question_bank.variants import vary

HEAD = {
    "title": "A slow service",
    "concepts": ["kv-cache"],
    "bloom": "analyse",
    "difficulty": 3,
    "source": "Counted.",
    "explanation": "Part by part.",
}
CHOICE = {
    **HEAD,
    "kind": "choice",
    "stem": "Where does the time go?",
    "choices": [
        {"text": "Into reading the cache", "correct": True, "feedback": "It grows."},
        {"text": "Into the tokeniser", "correct": False, "feedback": "It does not grow."},
    ],
}
NUMBER = {
    **HEAD,
    "kind": "numeric",
    "stem": "How many pairs do [[n]] tokens have?",
    "parameters": [{"name": "n", "low": 3, "high": 50}],
    "pattern": "causal",
    "answer": {"total": {"n": "n"}},
    "misconceptions": [
        {"name": "Square", "value": "n * n", "feedback": "[[given]] is the square."}
    ],
}
WORDS = {**HEAD, "kind": "short", "stem": "What is kept?", "accepted": [{"words": "KV cache"}]}


def content(*points: int, **changed: Any) -> dict[str, Any]:
    parts = [CHOICE, NUMBER, WORDS]
    weights = points or (1, 1, 1)
    case = {
        **HEAD,
        "kind": "case",
        "stem": "A service gets slower.",
        "parts": [
            {"points": count, "question": part} for count, part in zip(weights, parts, strict=True)
        ],
    }
    return case | changed


def variant(*points: int, seed: int = 3) -> CaseVariant:
    made = vary(content(*points), seed)
    assert isinstance(made, CaseVariant)
    return made


def answers(made: CaseVariant) -> dict[str, str]:
    page = made.page
    assert isinstance(page, CasePage)
    choice, number, _ = page.parts
    place = choice.choices.index("Into reading the cache")  # type: ignore[attr-defined]
    n = int("".join(letter for letter in number.stem if letter.isdigit()))
    return {
        "part-0-choice": str(place),
        "part-1-number": str(n * (n + 1) // 2),
        "part-2-words": "kv cache",
    }


def test_all_parts_right_earn_everything() -> None:
    made = variant()
    mark = made.mark(answers(made))
    assert mark.fraction == 1
    assert mark.feedback.count("Right.") == 3


def test_parts_count_by_their_points() -> None:
    made = variant(1, 2, 5)
    mark = made.mark({**answers(made), "part-2-words": "weights"})
    assert mark.fraction == Decimal("0.375")
    assert "**3.** Not yet." in mark.feedback


def test_each_part_says_what_fits_the_very_answer() -> None:
    made = variant()
    page = made.page
    assert isinstance(page, CasePage)
    n = int("".join(letter for letter in page.parts[1].stem if letter.isdigit()))
    mark = made.mark({**answers(made), "part-1-number": str(n * n)})
    assert f"{n * n} is the square." in mark.feedback


def test_a_part_that_cannot_be_read_is_named_and_nothing_is_marked() -> None:
    made = variant()
    with pytest.raises(UnreadableAnswerError, match="Question 2: "):
        made.mark({**answers(made), "part-1-number": "many"})


def test_its_fields_are_those_of_its_parts() -> None:
    assert variant().fields == ("part-0-choice", "part-1-number", "part-2-words")


def test_the_same_seed_gives_the_same_parts_and_another_seed_others() -> None:
    assert variant(seed=8).page == variant(seed=8).page
    assert len({variant(seed=seed).page.parts[1].stem for seed in range(12)}) > 1  # type: ignore[attr-defined]


def test_a_part_without_meaning_is_named() -> None:
    broken = {**NUMBER, "parameters": [{"name": "n", "low": 5, "high": 3}]}
    parts = [{"question": CHOICE}, {"question": broken}]
    with pytest.raises(ContentError, match=r"parts\.1"):
        vary(content(parts=parts), 0)


def test_a_case_holds_no_case_and_no_code() -> None:
    inner = {"question": content()}
    with pytest.raises(ValidationError):
        CaseContent.model_validate(content(parts=[inner, inner]))

"""Several right choices among more: shuffled by the seed, marked by the scheme that is named."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from question_bank.kinds import MultiPage, UnreadableAnswerError
from question_bank.kinds.multi import MultiContent, MultiVariant, Option

RIGHT = {"GQA", "A window"}
WRONG = {"FlashAttention", "A mask"}
HEAD = {
    "title": "What shrinks the cache",
    "concepts": ("kv-cache",),
    "bloom": "analyse",
    "difficulty": 3,
    "source": "The cache formula.",
    "explanation": "Two factors of the formula.",
    "stem": "Which of these lower the memory of the KV cache?",
}


def content(**changed: Any) -> MultiContent:
    choices = tuple(
        Option(text=text, correct=text in RIGHT, feedback=f"On {text}.")
        for text in sorted(RIGHT | WRONG)
    )
    return MultiContent(
        **{**HEAD, "kind": "multi", "marking": "net", "choices": choices, **changed}
    )


def ticked(variant: MultiVariant, texts: set[str]) -> dict[str, str]:
    assert isinstance(variant.page, MultiPage)
    shown = variant.page.choices
    return {f"choice-{shown.index(text)}": "on" for text in texts}


@pytest.mark.parametrize("seed", range(5))
def test_the_right_choices_earn_everything_wherever_they_stand(seed: int) -> None:
    variant = MultiVariant(content(), seed)
    mark = variant.mark(ticked(variant, RIGHT))
    assert mark.fraction == 1
    assert mark.feedback == ""
    assert mark.given == mark.right


def test_each_wrong_decision_gets_its_own_feedback_and_says_which_way_it_was_wrong() -> None:
    variant = MultiVariant(content(), 1)
    mark = variant.mark(ticked(variant, {"GQA", "A mask"}))
    assert mark.fraction == 0
    lines = set(mark.feedback.splitlines())
    assert lines == {
        "- **Ticked, and wrong:** A mask – On A mask.",
        "- **Right, and not ticked:** A window – On A window.",
    }


def test_the_scheme_decides_what_the_same_ticks_are_worth() -> None:
    found = {}
    for scheme in ("all-or-nothing", "weights", "net", "balanced", "each", "coverage"):
        variant = MultiVariant(content(marking=scheme), 4)
        found[scheme] = variant.mark(ticked(variant, {*RIGHT, "A mask"})).fraction
    assert found == {
        "all-or-nothing": 0,
        "weights": Decimal("0.5"),
        "net": Decimal("0.5"),
        "balanced": Decimal("0.5"),
        "each": Decimal("0.75"),
        "coverage": Decimal("0.6667"),
    }


def test_weights_are_the_authors_own() -> None:
    weights = {"GQA": "0.7", "A window": "0.3", "FlashAttention": "0", "A mask": "-0.5"}
    choices = tuple(
        Option(text=text, correct=text in RIGHT, feedback="So.", weight=Decimal(weight))
        for text, weight in weights.items()
    )
    variant = MultiVariant(content(marking="weights", choices=choices), 0)
    assert variant.mark(ticked(variant, {"GQA", "FlashAttention"})).fraction == Decimal("0.7")
    assert variant.mark(ticked(variant, {"A window", "A mask"})).fraction == 0


def test_ticking_nothing_is_no_answer() -> None:
    with pytest.raises(UnreadableAnswerError, match="Tick at least one"):
        MultiVariant(content(), 0).mark({})


@pytest.mark.parametrize("answer", [{"choice-0": "1"}, {"choice-9": "on"}])
def test_what_no_box_sends_is_no_answer(answer: dict[str, str]) -> None:
    with pytest.raises(UnreadableAnswerError):
        MultiVariant(content(), 0).mark(answer)


def test_the_page_says_how_it_is_marked_and_not_which_are_right() -> None:
    page = MultiVariant(content(), 0).page
    assert isinstance(page, MultiPage)
    assert "Credit" in page.marked
    assert "2" not in page.marked
    assert set(page.choices) == RIGHT | WRONG


@pytest.mark.parametrize("texts", [RIGHT, WRONG])
def test_a_question_has_right_and_wrong_choices(texts: set[str]) -> None:
    choices = tuple(Option(text=t, correct=t in RIGHT, feedback="So.") for t in sorted(texts))
    with pytest.raises(ValidationError, match="at least one"):
        content(choices=choices)


def test_weights_without_their_scheme_or_for_some_only_are_refused() -> None:
    half = Option(text="Half", correct=True, feedback="So.", weight=Decimal("0.5"))
    none = Option(text="None", correct=False, feedback="So.")
    with pytest.raises(ValidationError, match="only with marking: weights"):
        content(choices=(half, none))
    with pytest.raises(ValidationError, match="every choice a weight"):
        content(marking="weights", choices=(half, none))
    zero = none.model_copy(update={"weight": Decimal(0)})
    with pytest.raises(ValidationError, match="add up to 1"):
        content(marking="weights", choices=(half, zero))


def test_an_author_learns_what_guessing_earns() -> None:
    assert content(marking="each").guessing().at_random == Decimal("0.5")
    assert content(marking="balanced").guessing().everything == 0

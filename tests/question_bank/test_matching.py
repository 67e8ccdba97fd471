"""Matching: premises and options shuffled apart, each line counting alike."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from question_bank.kinds import MatchingPage, UnreadableAnswerError
from question_bank.kinds.matching import MatchingContent, MatchingVariant, Pair

PAIRS = {"Window": "forgets for ever", "Top-k": "depends on the data", "Sinks": "stay for good"}
HEAD = {
    "title": "What patterns do",
    "concepts": ("sparse-classification",),
    "bloom": "understand",
    "difficulty": 2,
    "source": "Definitions.",
    "explanation": "One by one.",
    "stem": "Match each pattern with what it does.",
}


def content(**changed: Any) -> MatchingContent:
    pairs = tuple(Pair(premise=p, option=o, feedback=f"On {p}.") for p, o in PAIRS.items())
    given = {"kind": "matching", "pairs": pairs, "distractors": ("sees every key",), **changed}
    return MatchingContent(**{**HEAD, **given})


def answer(variant: MatchingVariant, given: dict[str, str]) -> dict[str, str]:
    page = variant.page
    assert isinstance(page, MatchingPage)
    return {
        f"match-{page.premises.index(premise)}": str(page.options.index(option))
        for premise, option in given.items()
    }


@pytest.mark.parametrize("seed", range(5))
def test_the_pairs_earn_everything_in_any_order(seed: int) -> None:
    variant = MatchingVariant(content(), seed)
    mark = variant.mark(answer(variant, PAIRS))
    assert (mark.fraction, mark.feedback) == (1, "")


def test_each_line_counts_alike_and_a_wrong_one_is_spoken_to() -> None:
    variant = MatchingVariant(content(), 2)
    mark = variant.mark(answer(variant, {**PAIRS, "Sinks": "sees every key"}))
    assert mark.fraction == Decimal("0.6667")
    assert mark.feedback == "- **Sinks** – sees every key: On Sinks."


def test_all_or_nothing_is_that() -> None:
    variant = MatchingVariant(content(marking="all-or-nothing"), 2)
    assert variant.mark(answer(variant, {**PAIRS, "Sinks": "sees every key"})).fraction == 0
    assert variant.mark(answer(variant, PAIRS)).fraction == 1


def test_an_option_that_fits_two_premises_is_shown_once() -> None:
    pairs = tuple(
        Pair(premise=p, option=o, feedback="So.")
        for p, o in [*PAIRS.items(), ("Ring", "stay for good")]
    )
    page = MatchingVariant(content(pairs=pairs), 0).page
    assert isinstance(page, MatchingPage)
    assert sorted(page.options) == sorted({*PAIRS.values(), "sees every key"})


def test_a_line_without_an_answer_is_asked_for() -> None:
    variant = MatchingVariant(content(), 0)
    given = answer(variant, PAIRS)
    given.pop("match-1")
    with pytest.raises(UnreadableAnswerError, match="every line"):
        variant.mark(given)
    with pytest.raises(UnreadableAnswerError, match="offered"):
        variant.mark({**given, "match-1": "9"})


def test_premises_differ_and_distractors_fit_nothing() -> None:
    twice = tuple(Pair(premise="Window", option=o, feedback="So.") for o in ("one", "two"))
    with pytest.raises(ValidationError, match="premises are the same"):
        content(pairs=twice)
    same = tuple(Pair(premise=p, option="one", feedback="So.") for p in ("a", "b"))
    with pytest.raises(ValidationError, match="two options that differ"):
        content(pairs=same, distractors=())

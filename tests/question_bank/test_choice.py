"""Multiple choice: shuffled by the seed, marked by place, with nothing given away."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from question_bank.kinds import ChoicePage, UnreadableAnswerError
from question_bank.kinds.choice import Choice, ChoiceContent, ChoiceVariant

WRONG = ["Hiding pairs", "Renaming pairs"]


def content(right: int = 1) -> ChoiceContent:
    texts = ["Skipping pairs", *WRONG]
    return ChoiceContent(
        kind="choice",
        title="Which cut saves time",
        concepts=("cost",),
        bloom="understand",
        difficulty=2,
        source="Counted by hand.",
        explanation="Only skipped work is saved.",
        stem="Which of these saves time?",
        choices=tuple(
            Choice(text=text, correct=place < right, feedback=f"On {text.lower()}.")
            for place, text in enumerate(texts)
        ),
    )


def page_of(variant: ChoiceVariant) -> ChoicePage:
    assert isinstance(variant.page, ChoicePage)
    return variant.page


def test_the_right_choice_is_worth_one_wherever_it_stands() -> None:
    for seed in range(20):
        variant = ChoiceVariant(content(), seed)
        place = page_of(variant).choices.index("Skipping pairs")
        assert variant.mark({"choice": str(place)}).fraction == 1


def test_a_wrong_choice_gets_its_own_feedback_and_nothing_else() -> None:
    variant = ChoiceVariant(content(), 3)
    place = page_of(variant).choices.index("Hiding pairs")
    mark = variant.mark({"choice": str(place)})
    assert (mark.fraction, mark.feedback) == (0, "On hiding pairs.")
    assert (mark.given, mark.right) == ("Hiding pairs", "Skipping pairs")


def test_the_order_is_the_seeds_and_all_orders_come() -> None:
    orders = {page_of(ChoiceVariant(content(), seed)).choices for seed in range(60)}
    assert len(orders) == 6
    assert page_of(ChoiceVariant(content(), 5)) == page_of(ChoiceVariant(content(), 5))


def test_the_page_gives_neither_feedback_nor_the_right_choice_away() -> None:
    told = str(asdict(ChoiceVariant(content(), 1).page))
    assert "On " not in told
    assert "correct" not in told
    assert "explanation" not in told


@given(st.dictionaries(st.sampled_from(["choice", "other"]), st.text(max_size=5)))
def test_what_was_not_offered_is_not_marked(answer: dict[str, str]) -> None:
    variant = ChoiceVariant(content(), 1)
    if answer.get("choice") in {"0", "1", "2"}:
        variant.mark(answer)
    else:
        with pytest.raises(UnreadableAnswerError, match="Choose one"):
            variant.mark(answer)


@pytest.mark.parametrize("right", [0, 2])
def test_exactly_one_choice_is_right(right: int) -> None:
    with pytest.raises(ValidationError, match="exactly one choice is correct"):
        content(right)

"""Ordering questions: shown in a wrong order, marked by scheme, told where an order goes wrong."""

import re
from dataclasses import asdict
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from question_bank.kinds import ContentError, OrderingPage, UnreadableAnswerError
from question_bank.kinds.ordering import (
    MOST_ITEMS,
    Item,
    Mistake,
    OrderingContent,
    OrderingVariant,
    Precedence,
)
from question_bank.marking.ordering import Scheme, how_marked
from question_bank.variants import vary

SEEDS = st.integers(0, 2**63 - 1)
STEPS = ("scores", "mask", "softmax", "sum")
TWO_FREE = (
    Precedence(first="scores", then="softmax"),
    Precedence(first="mask", then="softmax"),
    Precedence(first="softmax", then="sum"),
)
MASKED_LATE = Mistake(first="mask", then="softmax", feedback="Hidden keys keep their weight.")


def content(**changes: object) -> OrderingContent:
    told: dict[str, object] = {
        "kind": "ordering",
        "title": "Masked attention",
        "concepts": ("attention",),
        "bloom": "understand",
        "difficulty": 2,
        "source": "The definition.",
        "explanation": "Weights come from what is left after masking.",
        "stem": "Put the steps in order.",
        "items": tuple(Item(key=key, text=f"Do {key}") for key in STEPS),
        "marking": Scheme.ALL_PREVIOUS_AND_NEXT,
        "mistakes": (MASKED_LATE,),
    }
    return OrderingContent.model_validate(told | changes)


def variant(seed: int = 3, **changes: object) -> OrderingVariant:
    return OrderingVariant(content(**changes), seed)


def page_of(drawn: OrderingVariant) -> OrderingPage:
    assert isinstance(drawn.page, OrderingPage)
    return drawn.page


def answer(drawn: OrderingVariant, *keys: str) -> dict[str, str]:
    """Return the form that puts these items in this order."""
    shown = page_of(drawn).items
    return {"order": ",".join(str(shown.index(f"Do {key}")) for key in keys)}


@given(SEEDS)
def test_the_written_order_is_right_however_it_is_shown(seed: int) -> None:
    drawn = variant(seed)
    mark = drawn.mark(answer(drawn, *STEPS))
    assert (mark.fraction, mark.feedback) == (1, "")


@given(SEEDS)
def test_both_orders_of_free_items_are_right(seed: int) -> None:
    drawn = variant(seed, before=TWO_FREE)
    for keys in (STEPS, ("mask", "scores", "softmax", "sum")):
        mark = drawn.mark(answer(drawn, *keys))
        assert (mark.fraction, mark.feedback) == (1, "")


@given(SEEDS, st.sampled_from([None, TWO_FREE]))
def test_items_are_never_shown_in_a_right_order(
    seed: int, before: tuple[Precedence, ...] | None
) -> None:
    assert variant(seed, before=before).mark({"order": "0,1,2,3"}).fraction < 1


def test_two_items_are_always_shown_the_wrong_way_round() -> None:
    two = content().items[:2]
    for seed in range(20):
        drawn = variant(seed, items=two, mistakes=())
        assert page_of(drawn).items == ("Do mask", "Do scores")


def test_the_order_shown_is_the_seeds_and_all_wrong_orders_come() -> None:
    orders = {page_of(variant(seed)).items for seed in range(300)}
    assert len(orders) == 23
    assert page_of(variant(5)) == page_of(variant(5))


def test_a_seed_shows_the_same_order_for_ever() -> None:
    # If this fails, learners' questions have changed under them: bring the old draws back.
    assert page_of(variant(7)).items == ("Do sum", "Do softmax", "Do mask", "Do scores")


def test_the_page_says_how_the_order_is_marked_and_nothing_about_it() -> None:
    page = page_of(variant())
    assert page.marked == how_marked(Scheme.ALL_PREVIOUS_AND_NEXT, 4)
    assert set(asdict(page)) == {"kind", "title", "stem", "items", "marked"}
    assert "Hidden keys" not in str(page)


def test_the_page_says_that_several_orders_are_right_only_where_they_are() -> None:
    assert "More than one order" in page_of(variant(before=TWO_FREE)).marked
    assert "More than one order" not in page_of(variant()).marked


def test_partial_credit_is_kept_to_four_places() -> None:
    drawn = variant(marking=Scheme.NEXT_LAST_EXCLUDED)
    mark = drawn.mark(answer(drawn, "sum", "scores", "mask", "softmax"))
    assert mark.fraction == Decimal("0.6667")


def test_orders_are_told_in_numbered_words() -> None:
    drawn = variant()
    mark = drawn.mark(answer(drawn, "mask", "scores", "sum", "softmax"))
    assert mark.given == "1. Do mask\n2. Do scores\n3. Do sum\n4. Do softmax"
    assert mark.right == "1. Do scores\n2. Do mask\n3. Do softmax\n4. Do sum"


def test_the_right_order_says_which_items_are_free() -> None:
    drawn = variant(before=TWO_FREE)
    right = drawn.mark(answer(drawn, *STEPS)).right
    assert right.endswith(
        "\n\nOf these either may come first: 1 or 2. All other pairs keep this order."
    )


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (("mask", "scores", "softmax", "sum"), "No right order begins with the item"),
        (("scores", "softmax", "mask", "sum"), "up to place 1; what you put at place 2 comes"),
        (("scores", "mask", "sum", "softmax"), "up to place 2; what you put at place 3 comes"),
    ],
)
def test_an_order_is_told_the_place_at_which_it_first_goes_wrong(
    keys: tuple[str, ...], told: str
) -> None:
    drawn = variant(mistakes=())
    assert told in drawn.mark(answer(drawn, *keys)).feedback


def test_the_place_of_the_first_error_knows_what_is_free() -> None:
    drawn = variant(before=TWO_FREE, mistakes=())
    feedback = drawn.mark(answer(drawn, "mask", "scores", "sum", "softmax")).feedback
    assert "what you put at place 3" in feedback


def test_a_mistake_is_told_only_to_whoever_makes_it() -> None:
    drawn = variant()
    late = drawn.mark(answer(drawn, "scores", "softmax", "mask", "sum")).feedback
    assert late.split("\n\n")[1:] == ["Hidden keys keep their weight."]
    other = drawn.mark(answer(drawn, "scores", "mask", "sum", "softmax")).feedback
    assert "Hidden keys" not in other


def test_feedback_names_none_of_the_items_by_itself() -> None:
    drawn = variant(mistakes=())
    feedback = drawn.mark(answer(drawn, "sum", "softmax", "mask", "scores")).feedback
    assert not any(key in feedback for key in STEPS)


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({}, "Put the items in order"),
        ({"order": " "}, "Put the items in order"),
        ({"order": "0,1,2"}, "leaves out 1 of the 4 items"),
        ({"order": "0,0,1,1"}, "leaves out 2 of the 4 items"),
        ({"order": "0,1,2,3,3"}, "stands twice"),
        ({"order": "0,1,2,4"}, "not among the items"),
        ({"order": "-1,1,2,3"}, "not among the items"),
        ({"order": "0;1;2;3"}, "not among the items"),
        ({"order": "0,1,2,"}, "not among the items"),
        ({"order": "٠,١,٢,٣"}, "not among the items"),
        ({"choice": "0,1,2,3"}, "Put the items in order"),
    ],
)
def test_what_is_no_permutation_is_not_marked(form: dict[str, str], told: str) -> None:
    with pytest.raises(UnreadableAnswerError, match=told):
        variant().mark(form)


@given(st.text(alphabet="0123, -", max_size=9))
def test_only_permutations_are_marked(text: str) -> None:
    places = [place.strip() for place in text.split(",")]
    if sorted(places) == ["0", "1", "2", "3"]:
        variant().mark({"order": text})
    else:
        with pytest.raises(UnreadableAnswerError):
            variant().mark({"order": text})


def items(n: int) -> tuple[Item, ...]:
    return tuple(Item(key=f"step-{place}", text=f"Do {place}") for place in range(n))


@pytest.mark.parametrize(
    ("changes", "key", "told"),
    [
        ({"items": items(MOST_ITEMS + 1), "mistakes": ()}, "items", "at most 10 items"),
        ({"before": ()}, "before", "any order would be right"),
        ({"before": (Precedence(first="scores", then="no"),)}, "before.0", "no item no"),
        ({"before": (Precedence(first="sum", then="mask"),)}, "before.0", "sum is not written"),
        ({"before": (Precedence(first="sum", then="sum"),)}, "before.0", "sum is not written"),
        (
            {"before": (*TWO_FREE, Precedence(first="sum", then="scores"))},
            "before.3",
            "sum is not written above scores",
        ),
        (
            {"mistakes": (MASKED_LATE, Mistake(first="mask", then="no", feedback="No."))},
            "mistakes.1",
            "there is no item no",
        ),
        (
            {
                "before": TWO_FREE,
                "mistakes": (Mistake(first="scores", then="mask", feedback="No."),),
            },
            "mistakes.0",
            "a right order may have these two the other way round",
        ),
    ],
)
def test_content_without_meaning_says_where(
    changes: dict[str, object], key: str, told: str
) -> None:
    with pytest.raises(ContentError, match=re.escape(told)) as fault:
        variant(**changes)
    assert fault.value.key == key


def test_as_many_items_as_may_be_ordered_are_marked() -> None:
    most = items(MOST_ITEMS)
    ends = (Precedence(first=most[0].key, then=most[-1].key),)
    drawn = variant(items=most, before=ends, mistakes=())
    shown = page_of(drawn).items
    order = [shown.index(item.text) for item in (*most[1:], most[0])]
    mark = drawn.mark({"order": ",".join(map(str, order))})
    # Of 45 pairs only the last two of the answer stand the wrong way round.
    assert mark.fraction == Decimal("0.9778")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"items": items(1)}, "at least 2 items"),
        ({"items": (*items(2), *items(1))}, "two items have the same key"),
        ({"items": (*items(2), {"key": "two-lines", "text": "One\nand two"})}, "pattern"),
        ({"items": (*items(2), {"key": "Not a slug", "text": "One"})}, "key"),
        ({"marking": "by_the_weather"}, "marking"),
    ],
)
def test_content_that_is_no_ordering_is_refused(changes: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        content(**changes)


def test_content_comes_back_from_the_database_as_it_went_in() -> None:
    original = content(before=TWO_FREE)
    again = vary(original.model_dump(mode="json"), 5)
    assert again.page == OrderingVariant(original, 5).page

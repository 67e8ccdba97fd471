"""Numeric questions about costs: computed by grader.costs, read with units, within a tolerance."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from question_bank.kinds import NumericPage, UnreadableAnswerError
from question_bank.kinds.costs import ACCELERATORS_BY_SLUG, MODELS_BY_SLUG, Cost
from question_bank.kinds.numeric import NumericVariant, in_digits
from question_bank.variants import vary

GIB = 2**30
CACHE = {"quantity": "cache_bytes", "model": "llama-3-8b", "tokens": "n"}
CONTENT: dict[str, Any] = {
    "kind": "numeric",
    "title": "The cache of one text",
    "concepts": ["kv-cache"],
    "bloom": "apply",
    "difficulty": 2,
    "source": "Computed.",
    "explanation": "It is [[answer]] GiB.",
    "stem": "How large is the cache of [[n]] tokens?",
    "parameters": [{"name": "n", "values": [12_288]}],
    "answer": {"cost": CACHE},
    "unit": "GiB",
    "tolerance": {"rule": "figures", "size": 3},
    "misconceptions": [
        {
            "name": "Query heads for KV heads",
            "answer": {"cost": {**CACHE, "kv_heads": 32}},
            "feedback": "[[given]] counts query heads.",
        },
        {
            "name": "Keys alone",
            "answer": {"cost": {**CACHE, "times": "1/2"}},
            "feedback": "[[given]] leaves out the values.",
        },
    ],
    "otherwise": "Write down the formula.",
}


def variant(**changed: Any) -> NumericVariant:
    made = vary({**CONTENT, **changed}, 0)
    assert isinstance(made, NumericVariant)
    return made


@pytest.mark.parametrize("text", ["1.5", "1.50 GiB", "1536 MiB", "1.61 GB", "1,610,612,736 bytes"])
def test_a_right_measure_is_right_in_any_unit(text: str) -> None:
    assert variant().mark({"number": text}).fraction == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("6", "6 GiB counts query heads."),
        ("6.44 GB", "6.44 GB counts query heads."),
        ("0.75", "0.75 GiB leaves out the values."),
        ("1.61", "That is the number of GB. The answer is asked for in GiB"),
        ("1536", "That is the number of MiB."),
        ("40", "Write down the formula."),
    ],
)
def test_a_wrong_measure_is_met_with_the_idea_that_it_comes_from(text: str, said: str) -> None:
    mark = variant().mark({"number": text})
    assert mark.fraction == 0
    assert mark.feedback.startswith(said)


def test_a_unit_of_something_else_is_no_answer() -> None:
    with pytest.raises(UnreadableAnswerError, match="with one of these units: GiB"):
        variant().mark({"number": "1.5 ms"})


def test_the_page_tells_unit_and_exactness_and_not_the_answer() -> None:
    page = variant().page
    assert isinstance(page, NumericPage)
    assert (page.unit, page.marked) == ("GiB", "Give 3 significant figures.")
    assert variant().explanation == "It is 1.5 GiB."


@pytest.mark.parametrize(
    ("tolerance", "right", "wrong"),
    [
        ({"rule": "nominal", "size": "0.1"}, "1.6", "1.61"),
        ({"rule": "relative", "size": "0.02"}, "1.53", "1.54"),
        ({"rule": "geometric", "size": "0.5"}, "1", "0.99"),
        ({"rule": "figures", "size": 2}, "1.54", "1.56"),
    ],
)
def test_the_tolerance_decides_what_is_close_enough(
    tolerance: dict[str, Any], right: str, wrong: str
) -> None:
    drawn = variant(tolerance=tolerance, misconceptions=[])
    assert drawn.mark({"number": right}).fraction == 1
    assert drawn.mark({"number": wrong}).fraction == 0


def plain_cache(slug: str, tokens: int) -> int:
    """Add up keys and values layer by layer."""
    model = MODELS_BY_SLUG[slug]
    total = 0
    for layer in range(model.layers):
        local = layer < model.local_layers
        kept = min(tokens, model.window or 0) if local else tokens
        total += 2 * model.kv_heads * model.head_dim * 2 * kept
    return total


@pytest.mark.parametrize("slug", MODELS_BY_SLUG)
@pytest.mark.parametrize("tokens", [1, 4_096, 8_193, 131_072])
def test_the_cache_of_each_model_is_what_adding_up_gives(slug: str, tokens: int) -> None:
    cost = Cost(quantity="cache_bytes", model=slug, tokens="n")
    assert cost.drawn({"n": tokens}).value() == plain_cache(slug, tokens)


@pytest.mark.parametrize("slug", ACCELERATORS_BY_SLUG)
def test_as_many_texts_as_fit_fit_and_one_more_does_not(slug: str) -> None:
    machine = ACCELERATORS_BY_SLUG[slug]
    most = (
        Cost(quantity="max_batch", model="llama-3-8b", tokens=8_192, accelerator=slug)
        .drawn({})
        .value()
    )
    left = machine.memory - 2 * MODELS_BY_SLUG["llama-3-8b"].parameters
    assert most * GIB <= left < (most + 1) * GIB


def test_a_step_takes_at_least_as_long_as_reading_does() -> None:
    cost = {"model": "mistral-7b", "tokens": 32_768, "batch": 4}
    read = Cost(quantity="decode_bytes", **cost).drawn({}).value()
    seconds = Cost(quantity="decode_seconds", accelerator="h100", **cost).drawn({}).value()
    assert read == 2 * 7_240_000_000 + 4 * 4_096 * 131_072
    assert seconds == read / 3_350_000_000_000


def test_a_window_for_some_layers_is_kept_apart_from_the_others() -> None:
    cost = Cost(
        quantity="cache_bytes", model="llama-3-8b", tokens=32_768, window=4_096, windowed=24
    )
    assert cost.drawn({}).value() == (8 * 32_768 + 24 * 4_096) * 4_096


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"model": "llama-9"}, "model is one of"),
        ({"quantity": "decode_seconds"}, "an accelerator stands where"),
        ({"accelerator": "h100"}, "an accelerator stands where"),
        ({"sinks": 4}, "need a window"),
        ({"quantity": "decode_seconds", "accelerator": "tpu"}, "accelerator is one of"),
    ],
)
def test_a_cost_that_cannot_be_is_refused(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Cost(**{**CACHE, **changed})


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"unit": "ms"}, "in a unit of memory"),
        ({"unit": "parsec"}, "unit is one of"),
        ({"unit": None}, "in a unit of memory"),
        ({"tolerance": None}, "needs a tolerance"),
        ({"tolerance": {"rule": "figures", "size": "2.5"}}, "figures are 1 to 9"),
        ({"pattern": "causal"}, "is of none"),
    ],
)
def test_a_question_whose_unit_does_not_fit_is_refused(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        variant(**changed)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1.5", "1.5"),
        ("59", "59"),
        ("0.00496342", "0.004963"),
        ("1234.5678", "1235"),
        ("1059.96", "1060"),
        ("12000.4", "12000"),
        ("12.3", "12.3"),
    ],
)
def test_numbers_are_shown_to_four_figures_and_whole_ones_whole(value: str, shown: str) -> None:
    assert in_digits(Fraction(Decimal(value))) == shown

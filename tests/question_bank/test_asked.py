"""What numeric questions ask for beside one count and a cost: copies, ratios, and reach."""

from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from question_bank.kinds import ContentError
from question_bank.kinds.asked import Answer
from question_bank.kinds.numeric import NumericVariant
from question_bank.variants import vary

CONTENT: dict[str, Any] = {
    "kind": "numeric",
    "title": "How far",
    "concepts": ["local-window"],
    "bloom": "apply",
    "difficulty": 2,
    "source": "Computed.",
    "explanation": "It is [[answer]].",
    "stem": "How much, with [[n]] positions?",
    "parameters": [{"name": "n", "values": [12]}],
}
RATIO = {"of": "all", "n": "n"}
FIGURES = {"rule": "figures", "size": 3}


def variant(**keys: Any) -> NumericVariant:
    made = vary({**CONTENT, **keys}, 0)
    assert isinstance(made, NumericVariant)
    return made


def value(answer: dict[str, Any], pattern: str | None = None) -> int | Fraction:
    return Answer.model_validate(answer).asked(pattern, {"n": 12, "w": 4}).value()


def test_a_total_is_that_of_one_head_as_many_times_as_is_said() -> None:
    assert value({"total": {"n": "n", "times": "2 * w"}}, "causal") == 8 * 78


def test_a_ratio_is_of_the_other_pattern_to_that_of_the_question() -> None:
    assert value({"ratio": RATIO}, "causal") == Fraction(144, 78)
    assert value({"ratio": {**RATIO, "of": "causal", "of_n": "2 * n"}}, "causal") == 300 / Fraction(
        78
    )


def test_a_ratio_is_shown_to_four_figures_and_marked_to_those_asked_for() -> None:
    drawn = variant(pattern="causal", answer={"ratio": RATIO}, tolerance=FIGURES)
    assert drawn.explanation == "It is 1.846."
    assert drawn.mark({"number": "1.85"}).fraction == 1
    assert drawn.mark({"number": "1.9"}).fraction == 0


def test_a_ratio_to_nothing_is_no_question_and_no_wrong_idea() -> None:
    with pytest.raises(ContentError, match="no pairs to compare with"):
        variant(pattern="all - all", answer={"ratio": RATIO}, tolerance=FIGURES)
    idea = {"name": "None", "pattern": "all - all", "feedback": "No."}
    drawn = variant(
        pattern="causal", answer={"ratio": RATIO}, tolerance=FIGURES, misconceptions=[idea]
    )
    drawn.rehearse()
    assert drawn.mark({"number": "3"}).feedback == ""


@pytest.mark.parametrize(
    ("crossing", "layers"),
    [
        ({"distance": 12, "window": 4, "causal": True}, 4),
        ({"distance": 13, "window": 4, "causal": True}, 5),
        ({"distance": 12, "window": 4, "causal": False}, 6),
        ({"distance": 12, "window": 4, "causal": False, "global_tokens": 1}, 2),
        ({"distance": 2, "window": 4, "causal": False, "global_tokens": 1}, 1),
        ({"distance": 12, "window": 4, "causal": True, "global_tokens": 1}, 4),
    ],
)
def test_layers_are_the_fewest_that_information_needs(
    crossing: dict[str, Any], layers: int
) -> None:
    assert value({"layers": crossing}) == layers


def test_a_distance_that_no_number_of_layers_crosses_is_no_question() -> None:
    alone = {"distance": "n", "window": 1, "causal": True}
    with pytest.raises(ContentError, match="no number of layers is enough"):
        variant(answer={"layers": alone})
    idea = {"name": "Alone", "answer": {"layers": alone}, "feedback": "No."}
    answer = {"layers": {**alone, "window": 4}}
    drawn = variant(answer=answer, misconceptions=[idea])
    drawn.rehearse()
    assert drawn.mark({"number": "4"}).fraction == 1
    assert drawn.mark({"number": "12"}).feedback == ""


@pytest.mark.parametrize(("layers", "positions"), [(0, 1), (2, 7), (3, 10), (4, 12)])
def test_a_field_ends_where_the_text_begins(layers: int, positions: int) -> None:
    field = {"layers": layers, "window": "w", "position": "n"}
    assert value({"receptive_field": field}) == positions


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"pattern": "causal", "answer": {"ratio": RATIO}}, "a ratio needs a tolerance"),
        ({"answer": {"total": {"n": "n"}}}, "is of none"),
        (
            {
                "pattern": "causal",
                "answer": {"receptive_field": {"layers": 1, "window": 2, "position": 3}},
            },
            "is of none",
        ),
        ({"answer": {}}, "give one of row_count, total, ratio"),
        ({"pattern": "all", "answer": {"total": {"n": 1}, "ratio": RATIO}}, "give one of"),
    ],
)
def test_an_answer_that_does_not_fit_together_is_refused(keys: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        variant(**keys)

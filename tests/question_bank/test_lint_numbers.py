"""What is said of numeric questions: answers computed a second time, and wrong ideas."""

import dataclasses
from decimal import Decimal
from typing import Any

import pytest

from grader.costs import Precision
from grader.patterns import Causal, Pattern
from question_bank.courses import BUILT_IN, Fault, read_course
from question_bank.courses.lint import counts, numbers
from question_bank.kinds import costs, reach
from question_bank.kinds.asked import Answer, Quantity, Total
from question_bank.kinds.numeric import Misconception, Parameter, Tolerance
from question_bank.variants import DEPLOYED
from tests.conftest import COURSE_FOLDER

SMALL = read_course(COURSE_FOLDER)


def drawn(**changes: Any) -> list[numbers.Drawn]:
    content = SMALL.questions["keys-seen"].model_copy(update=changes)
    return numbers.draw(dataclasses.replace(SMALL, questions={"keys-seen": content}))


def places(faults: Any) -> list[str]:
    return [fault.place for fault in faults]


def asking(**answer: Any) -> list[numbers.Drawn]:
    """Return a question that asks for something else, of n, window and position as drawn."""
    told = Answer.model_validate(answer)
    size = told.cost is not None and told.cost.dimension
    return drawn(
        answer=told,
        pattern="causal & window(window)" if told.counts else None,
        unit={"memory": "GiB", "time": "ms", "operations": "TFLOP"}[size] if size else None,
        tolerance=Tolerance(rule="figures", size=Decimal(3)),
        stem="How much?",
        explanation="So much.",
        misconceptions=(),
        otherwise="",
    )


def test_answers_agree_with_counting_the_bits_of_the_row() -> None:
    comparison = counts.compare(drawn())
    assert comparison == counts.Comparison(faults=(), left_out=())


def test_an_answer_that_the_bits_of_the_row_contradict_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = Pattern.row_count
    monkeypatch.setattr(Pattern, "row_count", lambda self, i, n: right(self, i, n) + (i > 500))
    faults = counts.compare(drawn()).faults
    assert faults
    assert all("computed in another way it is" in fault.reason for fault in faults)
    assert all("query 5" in fault.reason or "n = 1024" in fault.reason for fault in faults)


def test_a_total_that_the_bits_of_all_rows_contradict_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    total = {
        "parameters": (Parameter(name="n", values=(7, 8)), Parameter(name="window", values=(3,))),
        "answer": Answer(total=Total(n="n", times=2)),
        "misconceptions": (),
        "stem": "How many?",
        "explanation": "So many.",
        "otherwise": "",
    }
    assert counts.compare(drawn(**total)).faults == ()
    monkeypatch.setattr(Pattern, "count", lambda self, n: 18)
    (fault,) = counts.compare(drawn(**total)).faults
    assert fault == Fault(
        "questions/keys-seen/question.yaml",
        "answer",
        "36 for causal & window(3) at n = 8; computed in another way it is 42",
    )


def test_a_ratio_one_count_of_which_is_wrong_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    ratio = {"of": "causal", "n": "n"}
    assert counts.compare(asking(ratio=ratio)).faults == ()
    right = Pattern.count
    monkeypatch.setattr(Pattern, "count", lambda self, n: right(self, n) + isinstance(self, Causal))
    question = asking(ratio=ratio)
    faults = counts.compare(question).faults
    assert len(faults) == len({one.asked for one in question[0].variants})
    assert all("causal at n = " in fault.reason for fault in faults)


COSTS: list[dict[str, Any]] = [
    {"quantity": "cache_bytes", "model": "gemma-2-9b", "tokens": "10 * n", "page_tokens": 16},
    {"quantity": "cache_bytes", "model": "llama-2-7b", "tokens": "n", "kv_heads": 8, "bits": 4},
    {"quantity": "decode_bytes", "model": "mistral-7b", "tokens": "9 * n", "batch": "window"},
    {"quantity": "decode_seconds", "model": "llama-3-8b", "tokens": "n", "accelerator": "h200"},
    {"quantity": "prefill_flops", "model": "gemma-3-12b", "tokens": "n", "batch": 2},
    {"quantity": "prefill_seconds", "model": "llama-3-70b", "tokens": "n", "accelerator": "a100"},
    {"quantity": "max_batch", "model": "mistral-7b", "tokens": "n", "accelerator": "h100"},
    {
        "quantity": "max_tokens",
        "model": "llama-3-8b",
        "batch": "window",
        "window": "n",
        "windowed": 30,
        "sinks": 4,
        "page_tokens": 16,
        "accelerator": "h100",
    },
]


@pytest.mark.parametrize("cost", COSTS, ids=lambda cost: cost["quantity"])
def test_a_cost_that_loops_contradict_is_told(
    cost: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    question = asking(cost=cost)
    assert counts.compare(question) == counts.Comparison((), ())
    right = costs._QUANTITIES[cost["quantity"]]
    broken = {**costs._QUANTITIES, cost["quantity"]: lambda asked: right(asked) + 1}
    monkeypatch.setattr(costs, "_QUANTITIES", broken)
    faults = counts.compare(asking(cost=cost)).faults
    assert len(faults) == len({one.asked for one in question[0].variants})
    assert all(fault.reason.split(" for ")[1].startswith(cost["quantity"]) for fault in faults)


def test_a_cache_without_values_is_told_wherever_it_is_part_of_a_cost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = Precision.entry_bytes
    monkeypatch.setattr(
        Precision, "entry_bytes", lambda self, heads, size: right(self, heads, size) // 2
    )
    for cost in COSTS:
        faults = counts.compare(asking(cost=cost)).faults
        assert bool(faults) is not cost["quantity"].startswith("prefill")


@pytest.mark.parametrize(
    ("answer", "broken"),
    [
        ({"layers": {"distance": "n", "window": "window", "causal": True}}, "layers_to_cross"),
        (
            {"layers": {"distance": 9, "window": 4, "causal": False, "global_tokens": 1}},
            "layers_to_cross",
        ),
        (
            {"receptive_field": {"layers": 4, "window": "window", "position": "position"}},
            "receptive_field",
        ),
    ],
)
def test_a_reach_that_steps_contradict_is_told(
    answer: dict[str, Any], broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert counts.compare(asking(**answer)) == counts.Comparison((), ())
    monkeypatch.setattr(reach, broken, lambda *args, **more: 1_000_000)
    assert counts.compare(asking(**answer)).faults


def test_what_is_too_much_to_count_is_said_and_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "MOST_BITS_OF_A_COURSE", 2_000)
    asked: list[int] = []
    monkeypatch.setattr(counts, "computed_again", lambda quantity: asked.append(quantity.n) or 0)
    (line,) = counts.compare(drawn()).left_out
    assert asked == [512] * 3
    assert line.startswith("questions/keys-seen/question.yaml: ")
    assert line.endswith(" different variants, n = 512 to 1024")


def test_one_variant_of_each_question_is_counted_before_a_second_of_any(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def query_of(n: int, *queries: int) -> list[numbers.Drawn]:
        values = {"n": (n,), "window": (3,), "position": queries}
        return drawn(parameters=tuple(Parameter(name=name, values=values[name]) for name in values))

    monkeypatch.setattr(counts, "MOST_BITS_OF_A_COURSE", 16 + 400)
    asked: list[int] = []
    monkeypatch.setattr(counts, "computed_again", lambda quantity: asked.append(quantity.n) or 0)
    counts.compare([*query_of(16, 1, 2, 3), *query_of(400, 1)])
    assert sorted(asked) == [16, 400]


def test_what_two_questions_ask_alike_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Quantity] = []
    monkeypatch.setattr(counts, "computed_again", lambda quantity: asked.append(quantity) or 0)
    counts.compare([*drawn(), *drawn()])
    assert len(asked) == len(set(asked))


def test_a_variant_with_too_many_pairs_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "MOST_BITS", 600)
    (line,) = counts.compare(drawn()).left_out
    assert line.endswith("different variants, n = 1024 to 1024")


def test_a_long_sequence_is_not_counted_even_where_there_is_room() -> None:
    n = counts.LARGEST_N + 1
    values = tuple(Parameter(name=name, values=(n,)) for name in ("n", "window", "position"))
    (line,) = counts.compare(drawn(parameters=values)).left_out
    assert line.endswith(f"1 of 1 different variants, n = {n} to {n}")


def test_every_variant_of_the_built_in_course_is_computed_in_two_ways() -> None:
    questions = numbers.draw(read_course(BUILT_IN))
    assert all(len(question.variants) == len(DEPLOYED) >= 50 for question in questions)
    assert counts.compare(questions) == counts.Comparison((), ())


def test_an_idea_that_always_leads_to_the_right_answer_is_told() -> None:
    same = Misconception(name="Same", pattern="window(window) & causal", feedback="So.")
    none = Misconception.model_validate(
        {"name": "No query", "answer": {"row_count": {"query": 0, "n": "n"}}, "feedback": "So."}
    )
    at_times = Misconception(name="At times", value="window", feedback="So.")
    other = Misconception(name="Other", value="window + 1", feedback="So.")
    content = drawn(misconceptions=(other, same, none, at_times))
    assert places(numbers.ideas_never_wrong(content)) == [
        "questions/keys-seen/question.yaml, misconceptions.1",
        "questions/keys-seen/question.yaml, misconceptions.2",
    ]


def test_a_template_needs_five_ideas_and_a_single_question_does_not() -> None:
    other = Misconception(name="Other", value="n + 1", feedback="So.")
    assert len(list(numbers.too_few_ideas(drawn(misconceptions=(other,) * 4)))) == 1
    assert len(list(numbers.too_few_ideas(drawn(misconceptions=(other,) * 5)))) == 0
    alone = {"parameters": (), "misconceptions": ()}
    assert len(list(numbers.too_few_ideas(drawn(**alone)))) == 0


def test_a_question_that_some_seed_cannot_draw_is_told() -> None:
    empty = (Parameter(name="n", low=3, high=2),)
    (fault,) = numbers.not_drawn(drawn(parameters=empty))
    assert fault.place == "questions/keys-seen/question.yaml, parameters.n"
    assert list(numbers.not_drawn(drawn())) == []


def ranges(most: int) -> dict[str, Any]:
    """Return what draws n and one number more, of which a learner sees only n."""
    return {
        "parameters": (
            Parameter(name="n", low=1, high=most),
            Parameter(name="unseen", low=1, high=10**6),
        ),
        "pattern": "causal",
        "answer": Answer(total=Total(n="n")),
        "stem": "How many pairs have [[n]] tokens?",
        "explanation": "So many.",
        "misconceptions": (),
        "otherwise": "",
    }


def test_a_template_whose_deployed_seeds_draw_few_variants_is_told() -> None:
    (fault,) = numbers.too_few_variants(drawn(**ranges(9)))
    assert fault == Fault(
        "questions/keys-seen/question.yaml",
        "parameters",
        "64 seeds draw 9 different variants; a template has 50 at least",
    )
    assert list(numbers.too_few_variants(drawn(**ranges(1000)))) == []


def test_a_question_without_parameters_has_one_variant_and_needs_no_more() -> None:
    typed = ranges(1) | {"parameters": (), "stem": "How many?", "answer": Answer(total=Total(n=9))}
    assert list(numbers.too_few_variants(drawn(**typed))) == []

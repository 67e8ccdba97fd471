"""What is said of numeric questions: answers counted a second time, and wrong ideas."""

import dataclasses
from decimal import Decimal
from typing import Any

import pytest

from grader.patterns import Pattern
from question_bank.courses import Fault, read_course
from question_bank.courses.lint import counts, numbers
from question_bank.kinds.asked import Answer, Total
from question_bank.kinds.costs import Cost
from question_bank.kinds.numeric import Misconception, Parameter, Tolerance
from tests.conftest import COURSE_FOLDER

SMALL = read_course(COURSE_FOLDER)


def drawn(**changes: Any) -> list[numbers.Drawn]:
    content = SMALL.questions["keys-seen"].model_copy(update=changes)
    return numbers.draw(dataclasses.replace(SMALL, questions={"keys-seen": content}))


def places(faults: Any) -> list[str]:
    return [fault.place for fault in faults]


def test_answers_agree_with_counting_key_by_key() -> None:
    comparison = counts.compare(drawn())
    assert comparison == counts.Comparison(faults=(), left_out=())


def test_an_answer_that_counting_key_by_key_contradicts_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = Pattern.row_count
    monkeypatch.setattr(Pattern, "row_count", lambda self, i, n: right(self, i, n) + (i > 500))
    faults = counts.compare(drawn()).faults
    assert faults
    assert all("counted key by key it is" in fault.reason for fault in faults)
    assert all("query 5" in fault.reason or "n = 1024" in fault.reason for fault in faults)


def test_a_total_that_counting_pair_by_pair_contradicts_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    total = {
        "parameters": (Parameter(name="n", values=(7, 8)), Parameter(name="window", values=(3,))),
        "answer": Answer(total=Total(n="n")),
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
        "18 for causal & window(3) at n = 8; counted key by key it is 21",
    )


def test_what_is_too_much_to_count_is_said_and_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "MOST_PAIRS_OF_A_COURSE", 2_000)
    asked: list[int] = []
    monkeypatch.setattr(counts, "enumerated", lambda quantity: asked.append(quantity.n) or 0)
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

    monkeypatch.setattr(counts, "MOST_PAIRS_OF_A_COURSE", 16 + 400)
    asked: list[int] = []
    monkeypatch.setattr(counts, "enumerated", lambda quantity: asked.append(quantity.n) or 0)
    counts.compare([*query_of(16, 1, 2, 3), *query_of(400, 1)])
    assert sorted(asked) == [16, 400]


def test_a_variant_with_too_many_pairs_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "MOST_PAIRS", 600)
    (line,) = counts.compare(drawn()).left_out
    assert line.endswith("different variants, n = 1024 to 1024")


def test_a_cost_is_said_not_to_be_counted() -> None:
    cost = {
        "pattern": None,
        "answer": Answer(cost=Cost(quantity="cache_bytes", model="llama-3-8b", tokens="n")),
        "unit": "GiB",
        "tolerance": Tolerance(rule="figures", size=Decimal(3)),
        "misconceptions": (),
        "explanation": "So.",
    }
    comparison = counts.compare(drawn(**cost))
    assert comparison == counts.Comparison((), ("questions/keys-seen/question.yaml: a cost",))


def test_a_long_sequence_is_not_counted_even_where_there_is_room() -> None:
    n = counts.LARGEST_N + 1
    values = tuple(Parameter(name=name, values=(n,)) for name in ("n", "window", "position"))
    (line,) = counts.compare(drawn(parameters=values)).left_out
    assert line.endswith(f"1 of 1 different variants, n = {n} to {n}")


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

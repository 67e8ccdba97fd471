"""What is said of a course that is no fault of its files but would trouble its learners."""

import dataclasses
from typing import Any

import pytest

from grader.patterns import Pattern
from question_bank.courses import BUILT_IN, Course, Fault, read_course
from question_bank.courses.lint import choices, concepts, counts, examine, numbers, texts
from question_bank.draws import Draws
from question_bank.kinds.choice import Choice, ChoiceContent
from question_bank.kinds.numeric import Answer, Misconception, NumericContent, Parameter, Total
from tests.conftest import COURSE_FOLDER

SMALL = read_course(COURSE_FOLDER)


def with_question(slug: str, course: Course = SMALL, **changes: Any) -> Course:
    changed = course.questions[slug].model_copy(update=changes)
    return dataclasses.replace(course, questions=course.questions | {slug: changed})


def with_concept(slug: str, *learn_before: str) -> Course:
    concept = SMALL.concepts["window"]
    head = concept.head.model_copy(update={"learn_before": learn_before})
    added = {slug: dataclasses.replace(concept, head=head)}
    return dataclasses.replace(SMALL, concepts=SMALL.concepts | added)


def with_choices(*told: str, right: int = 0) -> ChoiceContent:
    content = SMALL.questions["which-cut"]
    assert isinstance(content, ChoiceContent)
    made = tuple(
        Choice(text=text, correct=place == right, feedback="So.") for place, text in enumerate(told)
    )
    return content.model_copy(update={"choices": made})


def asking(*contents: ChoiceContent) -> Course:
    return dataclasses.replace(
        SMALL, questions={f"question-{place}": one for place, one in enumerate(contents)}
    )


def numeric(**changes: Any) -> NumericContent:
    content = with_question("keys-seen", **changes).questions["keys-seen"]
    assert isinstance(content, NumericContent)
    return content


def places(faults: Any) -> list[str]:
    return [fault.place for fault in faults]


def test_the_built_in_course_has_no_problem_but_concepts_with_few_questions() -> None:
    problems = examine(read_course(BUILT_IN)).problems
    assert [
        str(one) for one in problems if "of the questions; 2 are the fewest" not in str(one)
    ] == []


def test_concepts_that_fewer_than_two_questions_test_are_told() -> None:
    assert concepts.questions_by_concept(SMALL) == {"attention": 1, "cost": 1, "window": 2}
    assert places(concepts.too_few_questions(SMALL)) == [
        "concepts/attention.md",
        "concepts/cost.md",
    ]


def test_a_concept_to_which_no_way_leads_is_told() -> None:
    assert places(concepts.out_of_reach(SMALL)) == []
    assert places(concepts.out_of_reach(with_concept("after", "window"))) == []
    assert places(concepts.out_of_reach(with_concept("island", "island"))) == [
        "concepts/island.md, learn_before"
    ]


def test_a_concept_joined_to_nothing_is_told() -> None:
    assert places(concepts.orphans(SMALL)) == []
    assert places(concepts.orphans(with_concept("after", "window"))) == []
    alone = with_concept("alone")
    assert places(concepts.orphans(alone)) == ["concepts/alone.md"]
    assert places(concepts.orphans(with_question("which-cut", alone, concepts=("alone",)))) == []


def test_cycles_and_broken_links_are_told() -> None:
    told = [str(fault) for fault in examine(with_concept("attention", "window")).problems]
    assert any("is learnt after" in fault for fault in told)
    linked = with_question("which-cut", explanation="See [it](concept:nothing).\n")
    assert any("names the concept nothing" in str(one) for one in examine(linked).problems)


def test_a_question_that_explains_nothing_is_told() -> None:
    assert places(texts.without_explanation(SMALL)) == []
    assert places(texts.without_explanation(with_question("keys-seen", explanation=" \n"))) == [
        "questions/keys-seen/question.yaml, explanation"
    ]


def test_a_wrong_choice_to_which_nothing_is_said_is_told_and_a_right_one_is_not() -> None:
    assert places(texts.without_feedback(SMALL)) == []
    silent = [Choice(text=text, correct=text == "b", feedback=" ") for text in ("a", "b", "c")]
    assert places(texts.without_feedback(with_question("which-cut", choices=tuple(silent)))) == [
        "questions/which-cut/question.yaml, choices.0.feedback",
        "questions/which-cut/question.yaml, choices.2.feedback",
    ]


def test_a_wrong_idea_to_which_nothing_is_said_is_told() -> None:
    silent = (Misconception(name="Adds", value=3, feedback=" "),)
    assert places(texts.without_feedback(with_question("keys-seen", misconceptions=silent))) == [
        "questions/keys-seen/question.yaml, misconceptions.0.feedback"
    ]


@pytest.mark.parametrize(
    ("stem", "source", "told"),
    [
        ("How many?", "Counted.", 0),
        ("How many?", "  ", 1),
        ("How many of 12?", "Counted.", 1),
        ("How many of 12?", "Counted by hand.", 0),
    ],
)
def test_numbers_need_a_source(stem: str, source: str, told: int) -> None:
    course = with_question("which-cut", stem=stem, source=source)
    assert len(list(texts.without_source(course))) == told


@pytest.mark.parametrize(
    ("lengths", "told"),
    [((120, 100, 90), 0), ((121, 100, 90), 1), ((90, 121, 100), 0), ((90, 10, 100), 0)],
)
def test_a_right_choice_that_is_much_longer_than_all_others_is_told(
    lengths: tuple[int, ...], told: int
) -> None:
    course = asking(with_choices(*("x" * length for length in lengths)))
    assert len(list(choices.right_one_stands_out(course))) == told


@pytest.mark.parametrize(("longest", "told"), [(0, 0), (2, 0), (3, 1), (5, 1)])
def test_a_course_where_the_longest_choice_is_often_right_is_told(longest: int, told: int) -> None:
    long, short = with_choices("longer", "short", "short"), with_choices("short", "longer", "short")
    course = asking(*[long] * longest, *[short] * (5 - longest))
    assert len(list(choices.right_ones_longest(course))) == told


def test_choices_of_the_same_length_are_no_hint() -> None:
    assert list(choices.right_ones_longest(asking(with_choices("same", "size")))) == []


def test_a_course_without_choices_has_no_longest_ones() -> None:
    assert list(choices.right_ones_longest(asking())) == []


@pytest.mark.parametrize("number", range(2, 13))
def test_right_choices_are_shown_at_every_place_as_often_as_chance_allows(number: int) -> None:
    told = [f"choice {place}" for place in range(number)]
    contents = (with_choices(*told, right=right) for right in range(number))
    assert list(choices.places_uneven(asking(*contents))) == []


def test_a_right_choice_that_stays_in_its_place_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Draws, "shuffled", lambda self, items: list(items))
    told = [fault.reason for fault in choices.places_uneven(asking(with_choices("a", "b", "c")))]
    assert told == [
        f"over 200 seeds the right one is at place {place} {times} times;"
        " 67 ± 27 is what chance allows"
        for place, times in ((1, 200), (2, 0), (3, 0))
    ]


def drawn(**changes: Any) -> list[numbers.Drawn]:
    return numbers.draw(with_question("keys-seen", **changes))


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
    monkeypatch.setattr(counts, "MOST_PAIRS", 2_000)
    asked: list[int] = []
    monkeypatch.setattr(counts, "enumerated", lambda quantity: asked.append(quantity.n) or 0)
    (line,) = counts.compare(drawn()).left_out
    assert sum(asked) <= 2_000
    assert line.startswith("questions/keys-seen/question.yaml: ")
    assert line.endswith(" of 50 variants, n = 512 to 1024")


def test_a_long_sequence_is_not_counted_even_where_there_is_room() -> None:
    n = counts.LARGEST_N + 1
    values = tuple(Parameter(name=name, values=(n,)) for name in ("n", "window", "position"))
    (line,) = counts.compare(drawn(parameters=values)).left_out
    assert line.endswith(f"50 of 50 variants, n = {n} to {n}")


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

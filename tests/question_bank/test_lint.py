"""What is said of a course that is no fault of its files but would trouble its learners."""

import dataclasses
from typing import Any

import pytest

from question_bank.courses import BUILT_IN, Course, read_course
from question_bank.courses.lint import choices, concepts, examine, numbers, texts
from question_bank.draws import Draws
from question_bank.kinds import Content
from question_bank.kinds.case import CaseContent, CaseVariant, Part
from question_bank.kinds.choice import Choice, ChoiceContent
from question_bank.kinds.matching import MatchingContent, Pair
from question_bank.kinds.multi import MultiContent, Option
from question_bank.kinds.numeric import Misconception
from question_bank.kinds.ordering import Item, Mistake, OrderingContent, Scheme
from question_bank.variants import DEPLOYED
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


def asking(*contents: Content) -> Course:
    return dataclasses.replace(
        SMALL, questions={f"question-{place}": one for place, one in enumerate(contents)}
    )


def case_of(*contents: Any) -> Course:
    common = SMALL.questions["which-cut"].model_dump(
        include={"title", "concepts", "bloom", "difficulty", "source", "explanation"}
    )
    parts = tuple(Part(question=content) for content in contents)
    case = CaseContent(kind="case", stem="A case.", parts=parts, **common)
    return dataclasses.replace(SMALL, questions={"case": case})


def places(faults: Any) -> list[str]:
    return [fault.place for fault in faults]


def test_the_built_in_course_has_no_problem() -> None:
    assert [str(fault) for fault in examine(read_course(BUILT_IN)).problems] == []


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


def common(kind: str) -> dict[str, Any]:
    fields = {"title", "concepts", "bloom", "difficulty", "source", "explanation", "stem"}
    return SMALL.questions["which-cut"].model_dump(include=fields) | {"kind": kind}


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (
            MultiContent(
                **common("multi"),
                marking="net",
                choices=(
                    Option(text="a", correct=True, feedback=" "),
                    Option(text="b", correct=False, feedback="So."),
                ),
            ),
            "choices.0",
        ),
        (
            MatchingContent(
                **common("matching"),
                pairs=(
                    Pair(premise="a", option="1", feedback="So."),
                    Pair(premise="b", option="2", feedback=" "),
                ),
            ),
            "pairs.1",
        ),
        (
            OrderingContent(
                **common("ordering"),
                items=(Item(key="a", text="A."), Item(key="b", text="B.")),
                marking=Scheme.ABSOLUTE,
                mistakes=(Mistake(first="a", then="b", feedback=" "),),
            ),
            "mistakes.0",
        ),
    ],
)
def test_feedback_that_says_nothing_is_told_of_other_kinds_too(content: Any, key: str) -> None:
    course = dataclasses.replace(SMALL, questions={"other": content})
    assert places(texts.without_feedback(course)) == [
        f"questions/other/question.yaml, {key}.feedback"
    ]


def test_parts_of_a_case_are_looked_at_one_by_one() -> None:
    choice, numeric = SMALL.questions["which-cut"], SMALL.questions["keys-seen"]
    longest = with_choices("much longer than the other", "short")
    course = case_of(choice, longest, numeric.model_copy(update={"explanation": " "}))
    told = places(examine(course).problems)
    file = "questions/case/question.yaml"
    assert f"{file}, parts.1.choices" in told
    assert f"{file}, parts.2.explanation" in told
    assert f"{file}, parts.2.misconceptions" in told
    assert not any(f"{file}, parts.0" in place for place in told)


def test_a_part_is_drawn_as_learners_of_its_case_get_it() -> None:
    course = case_of(SMALL.questions["which-cut"], SMALL.questions["keys-seen"])
    (question,) = numbers.draw(course)
    whole = [CaseVariant(course.questions["case"], seed).page for seed in DEPLOYED]
    assert [one.page for one in question.variants] == [page.parts[1] for page in whole]


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

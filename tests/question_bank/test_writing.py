"""From courses to files: nothing is lost, and the same course is always the same bytes."""

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.exercises import texts
from question_bank.courses import BUILT_IN, Course, CourseError, read_course
from question_bank.courses.folders import write_folder
from question_bank.courses.schema import ConceptFile, ConceptHead, CourseHead
from question_bank.courses.texts import markdown
from question_bank.courses.writing import files_of
from question_bank.kinds import Content
from question_bank.kinds.choice import Choice, ChoiceContent
from question_bank.kinds.code import CodeContent
from question_bank.kinds.numeric import (
    Answer,
    Misconception,
    NumericContent,
    Parameter,
    RowCount,
    Total,
)
from tests.conftest import COURSE_FOLDER
from tests.question_bank.hard_texts import hard_texts

SLUGS = ("no", "null", "1-2", "2026-01-31", "cost")

nonempty = hard_texts.filter(lambda text: bool(text) and "[[" not in text and "](" not in text)
titles = nonempty.map(lambda text: text[:120])
bodies = nonempty.map(markdown).filter(bool)
# Without the drawing of values, which is tested elsewhere, a template stays quick to read.
expressions = st.sampled_from([3, "3", "n", "min(n, 3)", "n - 1", "no // 2 + 1"])
answers = st.builds(Answer, row_count=st.just(RowCount(query="n", n="n"))) | st.just(
    Answer(total=Total(n="n"))
)


def content(model: type[Content], **fields: Any) -> st.SearchStrategy[Any]:
    return st.builds(
        model,
        title=titles,
        concepts=st.lists(st.sampled_from(SLUGS), min_size=1, max_size=5).map(tuple),
        bloom=st.sampled_from(["apply", "create"]),
        difficulty=st.integers(1, 5),
        source=nonempty,
        explanation=bodies,
        stem=bodies,
        **fields,
    )


@st.composite
def choice_contents(draw: st.DrawFn) -> ChoiceContent:
    choices = draw(st.lists(st.tuples(nonempty, nonempty), min_size=2, max_size=4))
    told = tuple(
        Choice(text=text, correct=place == 1, feedback=feedback)
        for place, (text, feedback) in enumerate(choices)
    )
    return draw(content(ChoiceContent, kind=st.just("choice"), choices=st.just(told)))


ideas = (
    st.builds(Misconception, name=nonempty, feedback=nonempty, value=expressions)
    | st.builds(Misconception, name=nonempty, feedback=nonempty, answer=answers)
    | st.builds(
        Misconception,
        name=nonempty,
        feedback=nonempty,
        pattern=st.just("causal"),
        answer=st.none() | answers,
    )
)
numeric_contents = content(
    NumericContent,
    kind=st.just("numeric"),
    parameters=st.just(
        (
            Parameter(name="n", values=(8, "4 + 5")),
            Parameter(name="no", low="min(n, 2)", high=4, edges=(2, "3")),
        )
    ),
    pattern=st.sampled_from(["causal", "causal & window(no)", "all - window(1)"]),
    answer=answers,
    misconceptions=st.lists(ideas, max_size=3).map(tuple),
    otherwise=st.just("") | nonempty,
)


@st.composite
def courses(draw: st.DrawFn) -> Course:
    chapters = draw(st.lists(titles, min_size=1, max_size=3, unique=True))
    concepts = {}
    for place, slug in enumerate(SLUGS):
        earlier = st.lists(st.sampled_from(SLUGS[:place] or SLUGS), unique=True)
        head = ConceptHead(
            title=draw(titles),
            summary=draw(nonempty)[:400],
            chapter=draw(st.sampled_from(chapters)),
            learn_before=tuple(draw(earlier) if place else ()),
            pattern="causal" if place % 2 else None,
            pattern_n=place + 1 if place % 2 else None,
        )
        concepts[slug] = ConceptFile(head, draw(bodies))
    asked = draw(st.lists(choice_contents() | numeric_contents, max_size=3))
    questions = {f"question-{place}": content for place, content in enumerate(asked)}
    head = CourseHead(
        slug="1-2",
        title=draw(titles),
        summary=draw(nonempty),
        chapters=tuple(chapters),
        questions=tuple(draw(st.permutations(list(questions)))),
    )
    return in_order(Course(head, concepts, questions))


def in_order(course: Course) -> Course:
    """Return the course with what is learnt before a concept in the order of the course."""
    order = course.concepts_in_order()
    concepts = {
        slug: ConceptFile(
            concept.head.model_copy(
                update={"learn_before": tuple(sorted(concept.head.learn_before, key=order.index))}
            ),
            concept.body,
        )
        for slug, concept in course.concepts.items()
    }
    return dataclasses.replace(course, concepts=concepts)


def read_back(course: Course) -> Course:
    with tempfile.TemporaryDirectory() as name:
        write_folder(files_of(course), Path(name))
        return read_course(Path(name))


def small(**changes: Any) -> Course:
    return dataclasses.replace(read_course(COURSE_FOLDER), **changes)


def with_code(**changes: Any) -> Course:
    course = small()
    code = course.questions["sliding-window"].model_copy(update=changes)
    return dataclasses.replace(course, questions=course.questions | {"sliding-window": code})


@settings(deadline=None, max_examples=100)
@given(courses())
def test_a_course_is_read_back_as_it_was_written(course: Course) -> None:
    again = read_back(course)
    assert again == course
    assert files_of(again) == files_of(course)


def test_the_small_course_is_read_back_as_it_was_written() -> None:
    assert read_back(small()) == small()


def test_the_built_in_course_stands_in_its_canonical_form() -> None:
    files = files_of(read_course(BUILT_IN))
    paths = [path for path in BUILT_IN.rglob("*") if path.is_file()]
    there = {path.relative_to(BUILT_IN).as_posix(): path.read_bytes() for path in paths}
    assert there.keys() == files.keys()
    for name, text in files.items():
        assert there[name] == text.encode(), f"{name}: dump_course writes it otherwise"


def test_a_numeric_question_has_its_keys_in_the_order_of_the_format() -> None:
    written = files_of(small())["questions/keys-seen/question.yaml"]
    assert written == (COURSE_FOLDER / "questions/keys-seen/question.yaml").read_text().replace(
        '"', "'"
    )


def test_a_concept_has_its_keys_in_the_order_of_the_format() -> None:
    written = files_of(small())["concepts/window.md"]
    assert written == (COURSE_FOLDER / "concepts/window.md").read_text()


def test_a_choice_question_has_a_line_for_each_key_of_a_choice() -> None:
    lines = files_of(small())["questions/which-cut/question.yaml"].splitlines()
    assert lines[0] == "kind: choice"
    assert lines[6:10] == [
        "choices:",
        "  - text: Skipping pairs",
        "    correct: true",
        "    feedback: What is not computed costs nothing.",
    ]


def test_the_order_in_which_earlier_concepts_are_named_means_nothing() -> None:
    course = small()
    window = course.concepts["window"]
    turned = window.head.model_copy(update={"learn_before": ("cost", "attention")})
    concepts = course.concepts | {"window": dataclasses.replace(window, head=turned)}
    assert files_of(dataclasses.replace(course, concepts=concepts)) == files_of(course)


@given(hard_texts)
def test_markdown_ends_in_one_newline_and_stays_as_it_is(text: str) -> None:
    assume(text.strip())
    once = markdown(text)
    assert markdown(once) == once
    assert once.endswith("\n")
    assert not once.endswith("\n\n")
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    assert once.strip() == unix.strip()


def test_code_is_written_as_the_name_of_its_exercise() -> None:
    files = files_of(with_code(hints=texts("sliding-window").hints))
    assert files["questions/sliding-window/question.yaml"].endswith("exercise: sliding-window\n")
    names = [name for name in files if name.startswith("questions/sliding-window/")]
    assert [Path(name).name for name in names] == ["question.yaml", "explanation.md"]


def test_hints_of_its_own_stand_beside_a_code_question() -> None:
    hints = files_of(small())["questions/sliding-window/hints.md"]
    assert hints == (COURSE_FOLDER / "questions/sliding-window/hints.md").read_text()


def changed_exercise() -> dict[str, Any]:
    code = small().questions["sliding-window"]
    assert isinstance(code, CodeContent)
    return {"exercise": code.exercise.model_copy(update={"function": "attend"})}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (changed_exercise, "exercise: a file names the exercise, and sliding-window in grader.ex"),
        (lambda: {"statement": "Another."}, "exercise: a file names the exercise, and sliding-"),
        (lambda: {"starter": "pass\n"}, "exercise: a file names the exercise, and sliding-window"),
        (lambda: {"hints": ("No heading.",)}, "hints: they are not those of sliding-window, and"),
        (lambda: {"hints": ()}, "hints: they are not those of sliding-window, and not each"),
        (lambda: {"hints": ("## A\n## B",)}, "hints: they are not those of sliding-window, and"),
    ],
)
def test_code_that_files_cannot_hold_is_refused(changes: Any, told: str) -> None:
    with pytest.raises(CourseError) as refusal:
        files_of(with_code(**changes()))
    (fault,) = refusal.value.faults
    assert str(fault).startswith(f"questions/sliding-window/question.yaml, {told}")


def test_an_exercise_that_is_gone_is_refused() -> None:
    code = small().questions["sliding-window"]
    assert isinstance(code, CodeContent)
    gone = code.exercise.model_copy(update={"slug": "gone"})
    with pytest.raises(CourseError, match=r"grader\.exercises has no gone"):
        files_of(with_code(exercise=gone))


def test_a_course_that_could_not_be_read_back_is_refused() -> None:
    course = small()
    attention = course.concepts["attention"]
    after = attention.head.model_copy(update={"learn_before": ("window",)})
    round_again = course.concepts | {"attention": dataclasses.replace(attention, head=after)}
    with pytest.raises(CourseError, match="is learnt after"):
        files_of(dataclasses.replace(course, concepts=round_again))

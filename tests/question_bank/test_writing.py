"""From courses to files: nothing is lost, and the same course is always the same bytes."""

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings

from grader.exercises import texts
from question_bank.courses import BUILT_IN, Course, CourseError, read_course
from question_bank.courses.folders import write_folder
from question_bank.courses.question_keys import OF_A_CASE
from question_bank.courses.schema import ConceptFile
from question_bank.courses.writing import files_of
from question_bank.kinds import Content
from question_bank.kinds.case import CaseContent, Part
from question_bank.kinds.choice import ChoiceContent
from question_bank.kinds.code import CodeContent
from question_bank.texts import markdown
from tests.conftest import COURSE_FOLDER
from tests.question_bank.hard_courses import SLUGS, courses, questions
from tests.question_bank.hard_texts import hard_texts


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


@settings(deadline=None, max_examples=60)
@given(courses())
def test_a_course_is_read_back_as_it_was_written(course: Course) -> None:
    course = in_order(course)
    assert read_back(course) == course
    assert files_of(read_back(course)) == files_of(course)


@settings(deadline=None, max_examples=150)
@given(questions)
def test_a_question_is_read_back_as_it_was_written(content: Content) -> None:
    head = small().head.model_copy(update={"questions": ("hard",)})
    concept = ConceptFile(small().concepts["attention"].head, "About it.\n")
    course = Course(head, dict.fromkeys(SLUGS, concept), {"hard": content})
    assert read_back(course) == course


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


def test_a_part_of_a_case_says_only_what_differs_from_its_case() -> None:
    choice = small().questions["which-cut"]
    assert isinstance(choice, ChoiceContent)
    other = choice.model_copy(update={"title": "Another", "stem": "And then?"})
    case = CaseContent(
        kind="case",
        **choice.model_dump(include=set(OF_A_CASE)),
        stem="Look.\n",
        explanation="So.\n",
        parts=(Part(question=choice), Part(points=2, question=other)),
    )
    files = files_of(small(questions=small().questions | {"which-cut": case}))
    lines = files["questions/which-cut/question.yaml"].splitlines()
    first, second = (place for place, line in enumerate(lines) if "- kind: choice" in line)
    assert lines[first + 1 : first + 4] == [
        "    stem: |",
        "      Which of these saves time?",
        "    choices:",
    ]
    assert lines[second : second + 4] == [
        "  - kind: choice",
        "    points: 2",
        "    title: Another",
        "    stem: And then?",
    ]
    assert lines[-2:] == ["    explanation: |", "      Only skipped work is saved."]
    assert files["questions/which-cut/stem.md"] == "Look.\n"


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

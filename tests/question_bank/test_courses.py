"""Courses as files: what is read, and what is said of every fault."""

import shutil
from pathlib import Path

import pytest

from grader.exercises import EXERCISES
from question_bank.courses import BUILT_IN, CourseError, read_course
from question_bank.kinds import KINDS
from question_bank.kinds.code import CodeContent
from question_bank.kinds.numeric import NumericContent
from question_bank.kinds.ordering import OrderingContent
from tests.conftest import COURSE_FOLDER

ORDERING = """
kind: ordering
title: Masked attention
concepts: [attention]
bloom: understand
difficulty: 2
source: The definition.
marking: all_previous_and_next
items:
  - {key: scores, text: Compute the scores.}
  - {key: mask, text: Compute the mask.}
  - {key: softmax, text: Take the softmax.}
before:
  - {first: scores, then: softmax}
  - {first: mask, then: softmax}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(COURSE_FOLDER, tmp_path / "course"))


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(CourseError) as fault:
        read_course(folder)
    return [str(one) for one in fault.value.faults]


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_course_is_read_whole(folder: Path) -> None:
    course = read_course(folder)
    assert course.head.questions == ("which-cut", "keys-seen", "sliding-window")
    assert course.concepts["window"].head.pattern == "causal & window(3)"
    assert course.concepts["window"].body == "Each query sees three keys.\n"


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ("tags: {hard: [no-such-question]}", "course.yaml, tags.hard: there is no question"),
        ("tags: {hard: []}", "hard: one question or more, each once"),
        ("tags: {hard: [which-cut, which-cut]}", "hard: one question or more, each once"),
    ],
)
def test_a_tag_sorts_questions_that_there_are(folder: Path, tags: str, told: str) -> None:
    file = folder / "course.yaml"
    file.write_text(f"{file.read_text()}{tags}\n")
    assert told in faults_of(folder)[0]


def test_the_built_in_course_has_no_fault() -> None:
    course = read_course(BUILT_IN)
    kinds = {content.model_dump()["kind"] for content in course.questions.values()}
    assert kinds == KINDS.keys()


def test_the_built_in_course_asks_for_every_exercise_once() -> None:
    asked = [
        content.exercise.slug
        for content in read_course(BUILT_IN).questions.values()
        if isinstance(content, CodeContent)
    ]
    assert sorted(asked) == sorted(EXERCISES)


def test_concepts_come_after_those_learnt_before_them(folder: Path) -> None:
    assert read_course(folder).concepts_in_order() == ["attention", "cost", "window"]


def test_parameters_keep_the_order_written(folder: Path) -> None:
    content = read_course(folder).questions["keys-seen"]
    assert isinstance(content, NumericContent)
    assert [parameter.name for parameter in content.parameters] == ["n", "window", "position"]


def test_a_code_question_carries_its_exercise_and_its_own_hints(folder: Path) -> None:
    content = read_course(folder).questions["sliding-window"]
    assert isinstance(content, CodeContent)
    assert content.exercise.slug == "sliding-window"
    assert "def attention" in content.starter
    assert [hint.splitlines()[0] for hint in content.hints] == ["## First", "## Then"]


def test_without_hints_of_its_own_a_code_question_has_the_exercises(folder: Path) -> None:
    (folder / "questions/sliding-window/hints.md").unlink()
    content = read_course(folder).questions["sliding-window"]
    assert isinstance(content, CodeContent)
    assert content.hints


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("course.yaml", "slug: small", "slug: Not A Slug", "course.yaml, slug: "),
        ("course.yaml", "slug: small\n", "", "course.yaml, slug: This is missing"),
        (
            "course.yaml",
            "slug: small",
            "slug: small\ncolour: red",
            "course.yaml, colour: There is nothing",
        ),
        ("course.yaml", "slug: small", "slug: small\nslug: b", "course.yaml: line 2: the key"),
        ("course.yaml", "slug: small", "slug: [", "course.yaml: line"),
        ("course.yaml", ", keys-seen", "", "course.yaml, questions: keys-seen is missing"),
        ("course.yaml", "[which-cut", "[none, which-cut", "there is no question none"),
        ("course.yaml", "[which-cut", "[which-cut, which-cut", "which-cut is named twice"),
        ("course.yaml", "Patterns]", "Others]", "concepts/window.md, chapter: course.yaml has no"),
        ("concepts/cost.md", "---\nA", "A", "concepts/cost.md: this file has keys between"),
        ("concepts/cost.md", "[attention]", "[nothing]", "learn_before: there is no concept"),
        ("concepts/cost.md", "[attention]", "[1]", "concepts/cost.md, learn_before.0: "),
        ("concepts/window.md", "pattern_n: 12\n", "", "pattern and pattern_n go together"),
        ("concepts/window.md", "pattern_n: 12", "pattern_n: 65", "window.md, pattern_n: "),
        ("concepts/window.md", "& window(3)", "& windw(3)", "concepts/window.md: "),
        ("concepts/attention.md", "concept:window", "concept:wall", "the concept wall, which"),
        ("concepts/attention.md", "question:keys-seen", "question:no", "the question no, which"),
        ("questions/which-cut/question.yaml", "kind: choice", "kind: riddle", "kind: one of"),
        ("questions/which-cut/question.yaml", "[cost]", "[price]", "there is no concept price"),
        ("questions/which-cut/question.yaml", "difficulty: 2", "difficulty: 6", "difficulty: "),
        ("questions/which-cut/question.yaml", "correct: true", "correct: false", "exactly one"),
        ("questions/keys-seen/question.yaml", "low: 3", "low: [3]", "parameters.1.low"),
        ("questions/keys-seen/question.yaml", "high: n,", "high: m,", "parameters.position: "),
        ("questions/keys-seen/question.yaml", "[[given]] is not", "[[given is]]", "otherwise: "),
        ("questions/keys-seen/stem.md", "[[n]]", "[[m]]", "question.yaml, stem: "),
        ("questions/sliding-window/question.yaml", "exercise: s", "exercise: x", "exercise: one"),
        ("questions/sliding-window/hints.md", "## First", "First", "each hint stands under"),
    ],
)  # fmt: skip
def test_a_fault_names_file_and_key(folder: Path, file: str, old: str, new: str, told: str) -> None:
    replace(folder / file, old, new)
    faults = faults_of(folder)
    assert any(told in fault for fault in faults), faults
    assert all(fault.startswith(("course.yaml", "concepts/", "questions/")) for fault in faults)


def add_ordering(folder: Path, text: str) -> None:
    replace(folder / "course.yaml", ", keys-seen", ", keys-seen, masked")
    question = folder / "questions/masked"
    question.mkdir()
    (question / "question.yaml").write_text(text)
    (question / "stem.md").write_text("Put the steps in order.\n")
    (question / "explanation.md").write_text("The softmax needs both.\n")


def test_an_ordering_question_is_read_with_the_texts_beside_it(folder: Path) -> None:
    add_ordering(folder, ORDERING)
    content = read_course(folder).questions["masked"]
    assert isinstance(content, OrderingContent)
    assert content.stem == "Put the steps in order.\n"
    assert [item.key for item in content.items] == ["scores", "mask", "softmax"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("marking: all_previous_and_next", "marking: lenient", "marking: Choose one of"),
        ("key: mask", "key: scores", "items: two items have the same key"),
        ("then: softmax}\n", "then: sum}\n", "before.0: there is no item sum"),
        ("first: scores, then: softmax", "first: softmax, then: scores", "before.0: softmax is"),
    ],
)
def test_a_fault_of_an_ordering_question_names_its_key(
    folder: Path, old: str, new: str, told: str
) -> None:
    add_ordering(folder, ORDERING.replace(old, new, 1))
    (fault,) = faults_of(folder)
    assert fault.startswith(f"questions/masked/question.yaml, {told}")


def test_a_cycle_of_concepts_is_told_the_way_round(folder: Path) -> None:
    replace(folder / "concepts/attention.md", "learn_before: []", "learn_before: [window]")
    (fault,) = faults_of(folder)
    assert "learn_before" in fault
    assert fault.count("→") in {2, 3}


def test_faults_of_several_files_are_told_together(folder: Path) -> None:
    replace(folder / "course.yaml", "title: A small course\n", "")
    (folder / "questions/which-cut/stem.md").unlink()
    (folder / "concepts/cost.md").write_bytes(b"\xff")
    faults = "\n".join(faults_of(folder))
    assert "course.yaml, title" in faults
    assert "questions/which-cut/stem.md: this file is missing" in faults
    assert "concepts/cost.md: this is not UTF-8" in faults


def test_a_folder_that_is_no_course_says_what_is_missing(tmp_path: Path) -> None:
    assert faults_of(tmp_path) == ["course.yaml: this file is missing"]

"""Courses back from the database to files."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from assessments.models import Course
from assessments.services.courses import course_as_files, load_course
from question_bank.courses import BUILT_IN, CourseError, read_course
from question_bank.models import Concept, Question, QuestionVersion
from question_bank.retyping import OWN, made_content
from tests.assessments.test_commands import told
from tests.cast.code import DECLARED, code_content
from tests.cast.questions import published, put_live
from tests.conftest import COURSE_FOLDER

pytestmark = pytest.mark.django_db


def files_in(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_the_built_in_course_loaded_and_dumped_is_byte_for_byte_the_same(tmp_path: Path) -> None:
    told("load_course")
    told("dump_course", "sparse-attention", str(tmp_path))
    assert files_in(tmp_path) == files_in(BUILT_IN)


def test_a_dumped_course_loaded_again_changes_nothing(course: Course, tmp_path: Path) -> None:
    assert "small: 13 files, 13 written" in told("dump_course", "small", str(tmp_path))
    assert read_course(tmp_path) == read_course(COURSE_FOLDER)
    assert load_course(tmp_path) == (course, [])


def test_the_live_version_of_a_question_is_dumped(course: Course) -> None:
    question = Question.objects.get(slug="which-cut")
    live = put_live(question, stem="Which of these saves most time?\n")
    QuestionVersion.objects.create(question=question, number=3, content={}, digest="3")
    assert course_as_files(course)["questions/which-cut/stem.md"] == live.content["stem"]


def test_what_is_not_live_is_in_no_file(course: Course) -> None:
    Question.objects.filter(slug="which-cut").update(live=None)
    files = course_as_files(course)
    assert not [name for name in files if "which-cut" in name]
    assert "which-cut" not in files["course.yaml"]


def test_questions_are_dumped_in_the_order_of_the_course(course: Course) -> None:
    for position, item in enumerate(course.items.order_by("-position")):
        course.items.filter(pk=item.pk).update(position=position)
    assert course_as_files(course)["course.yaml"].endswith(
        "questions:\n  - sliding-window\n  - keys-seen\n  - which-cut\n"
    )


def test_a_text_edited_in_a_browser_is_dumped_with_plain_ends_of_lines(course: Course) -> None:
    Concept.objects.filter(slug="cost").update(body="One.\r\n\r\nTwo.")
    assert course_as_files(course)["concepts/cost.md"].endswith("---\nOne.\n\nTwo.\n")


def test_an_unknown_course_is_told_with_those_there_are(course: Course, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no course big\. There are: small\."):
        told("dump_course", "big", str(tmp_path))


def test_without_any_course_the_first_step_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="run load_course first"):
        told("dump_course", "small", str(tmp_path))


def test_a_folder_in_use_is_written_over_only_with_force(course: Course, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(CommandError, match=r"Nothing was written.*--force"):
        told("dump_course", "small", str(tmp_path))
    assert files_in(tmp_path).keys() == {"notes.txt"}
    told("dump_course", "small", str(tmp_path), "--force")
    assert len(files_in(tmp_path)) == 14


def test_force_removes_what_the_course_no_longer_has(course: Course, tmp_path: Path) -> None:
    told("dump_course", "small", str(tmp_path))
    course.items.filter(question__slug="which-cut").delete()
    assert "questions/which-cut/stem.md: removed" in told(
        "dump_course", "small", str(tmp_path), "--force"
    )
    assert not (tmp_path / "questions/which-cut").exists()


def test_a_code_question_whose_exercise_has_changed_since_is_refused(
    course: Course, tmp_path: Path
) -> None:
    question = Question.objects.get(slug="sliding-window")
    assert question.live is not None
    put_live(question, exercise=question.live.content["exercise"] | {"function": "attend"})
    with pytest.raises(CommandError, match=r"questions/sliding-window/question.yaml, exercise: "):
        told("dump_course", "small", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_what_no_file_may_say_is_told_with_its_place(course: Course, tmp_path: Path) -> None:
    Course.objects.update(chapters=[])
    Concept.objects.filter(slug="cost").update(pattern="causal &", pattern_n=3)
    with pytest.raises(CommandError) as refusal:
        told("dump_course", "small", str(tmp_path))
    assert "course.yaml, chapters: " in str(refusal.value)
    assert "concepts/cost.md: " in str(refusal.value)


def test_a_folder_that_cannot_be_written_is_told(course: Course, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(CommandError, match="file"):
        told("dump_course", "small", str(tmp_path / "file" / "course"))


FILLED = {"source": "Written here.", "explanation": "Because.\n"}


@pytest.mark.parametrize(
    "own",
    [
        {},
        {"statement": "My own words", "hints": ["One", "Two\n\nand a half"]},
        {"starter": "def attention(q, k, v, w):\n    ...\n"},
        {"solutions": code_content()["solutions"]},
    ],
)
def test_a_typed_exercise_is_dumped_as_its_pattern_and_loaded_again(
    course: Course, tmp_path: Path, own: dict[str, Any]
) -> None:
    published(course, DECLARED.slug, code_content() | made_content(DECLARED) | FILLED | own)
    told("dump_course", "small", str(tmp_path))
    file = (tmp_path / f"questions/{DECLARED.slug}/question.yaml").read_text()
    assert "pattern: causal & window(w)" in file
    assert {key for key in OWN if f"\n{key}:" in file} == own.keys()
    assert load_course(tmp_path) == (course, [])
    told("dump_course", "small", str(tmp_path / "again"))
    again = (tmp_path / f"again/questions/{DECLARED.slug}/question.yaml").read_text()
    assert again == file


def test_a_built_in_exercise_with_solutions_is_dumped_with_them(
    course: Course, tmp_path: Path
) -> None:
    question = Question.objects.get(slug="sliding-window")
    live = put_live(question, solutions=code_content()["solutions"])
    told("dump_course", "small", str(tmp_path))
    assert load_course(tmp_path) == (course, [])
    read = read_course(tmp_path).questions["sliding-window"]
    assert read.model_dump(mode="json") == live.content


def test_a_pattern_that_no_longer_makes_the_exercise_is_refused(
    course: Course, tmp_path: Path
) -> None:
    content = code_content() | made_content(DECLARED) | FILLED
    published(course, DECLARED.slug, content | {"exercise": content["exercise"] | {"title": "X"}})
    with pytest.raises(CommandError, match=r"near-the-diagonal/question.yaml, typed: "):
        told("dump_course", "small", str(tmp_path / "out"))


def test_a_pattern_in_a_file_that_makes_no_exercise_is_told(course: Course, tmp_path: Path) -> None:
    published(course, DECLARED.slug, code_content() | made_content(DECLARED) | FILLED)
    told("dump_course", "small", str(tmp_path))
    file = tmp_path / f"questions/{DECLARED.slug}/question.yaml"
    file.write_text(file.read_text().replace("causal & window(w)", "window(w) - causal"))
    with pytest.raises(CourseError, match=r"typed.pattern: At n = .* sees no key"):
        read_course(tmp_path)

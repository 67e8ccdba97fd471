"""Loading courses and joining them."""

import shutil
from pathlib import Path

import pytest

from assessments.models import Course, Enrolment, User
from assessments.services import ClosedCourseError, join
from assessments.services.courses import course_as_files, load_course
from question_bank.courses import CourseError
from question_bank.models import Concept, Question, QuestionVersion
from tests.conftest import COURSE_FOLDER

pytestmark = pytest.mark.django_db


def test_questions_come_in_the_order_of_the_course(course: Course) -> None:
    slugs = [item.question.slug for item in course.items.all()]
    assert slugs == ["which-cut", "keys-seen", "sliding-window"]


def test_loading_again_changes_nothing_and_keeps_who_is_in_it(
    course: Course, learner: User
) -> None:
    again, changes = load_course(COURSE_FOLDER)
    assert (again.pk, changes) == (course.pk, [])
    assert learner.enrolments.get().course == course


def test_questions_get_the_tags_of_their_course_and_keep_those_of_people(
    course: Course, tmp_path: Path
) -> None:
    question = Question.objects.get(slug="which-cut")
    question.tags.create(name="mine")
    folder = Path(shutil.copytree(COURSE_FOLDER, tmp_path / "course"))
    file = folder / "course.yaml"
    file.write_text(f"{file.read_text()}tags: {{hard: [keys-seen, which-cut]}}\n")
    load_course(folder)
    assert {tag.name for tag in question.tags.all()} == {"hard", "mine"}
    tags = course_as_files(course)["course.yaml"].split("tags:")[1].split()
    assert tags == ["hard:", "-", "which-cut", "-", "keys-seen", "mine:", "-", "which-cut"]


def test_a_course_with_a_fault_changes_nothing(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(COURSE_FOLDER, tmp_path / "course"))
    (folder / "questions/which-cut/stem.md").unlink()
    with pytest.raises(CourseError):
        load_course(folder)
    assert not Course.objects.exists()
    assert not Concept.objects.exists()
    assert not QuestionVersion.objects.exists()


def test_anybody_joins_an_open_course_once(course: Course, stranger: User) -> None:
    assert join(stranger, course) == join(stranger, course)
    assert Enrolment.objects.get(user=stranger).role == Enrolment.Role.LEARNER


def test_a_closed_course_is_not_joined(course: Course, stranger: User) -> None:
    course.is_open = False
    with pytest.raises(ClosedCourseError):
        join(stranger, course)


def test_an_instructor_who_joins_stays_instructor(course: Course, instructor: User) -> None:
    assert join(instructor, course).role == Enrolment.Role.INSTRUCTOR

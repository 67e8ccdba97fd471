"""From files to the database: once each, and never over what was there."""

import shutil
from pathlib import Path

import pytest

from assessments.models import Course
from question_bank.courses import read_course
from question_bank.immutable import ImmutableRowError
from question_bank.models import Concept, Question, QuestionVersion
from question_bank.publishing import KindChangedError, publish
from question_bank.variants import variant_of
from tests.conftest import COURSE_FOLDER

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(COURSE_FOLDER, tmp_path / "course"))


def replace(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text().replace(old, new))


def test_the_same_content_again_changes_nothing(folder: Path) -> None:
    assert len(publish(read_course(folder))) == 6
    assert publish(read_course(folder)) == []
    assert QuestionVersion.objects.count() == 3


def test_changed_content_is_a_new_version_beside_the_old_one(folder: Path) -> None:
    publish(read_course(folder))
    replace(folder / "questions/which-cut/stem.md", "saves time", "saves most time")
    assert publish(read_course(folder)) == ["question which-cut: version 2"]
    old, new = QuestionVersion.objects.filter(question__slug="which-cut")
    assert "saves time" in old.content["stem"]
    assert "saves most time" in new.content["stem"]


def test_another_order_of_parameters_is_another_version(folder: Path) -> None:
    publish(read_course(folder))
    path = folder / "questions/keys-seen/question.yaml"
    n, window = "  n: {values: [512, 1024]}\n", "  window: {low: 3, high: 9}\n"
    replace(path, n + window, window + n)
    assert publish(read_course(folder)) == ["question keys-seen: version 2"]


def test_a_published_version_draws_the_same_after_the_database_has_kept_it(folder: Path) -> None:
    files = read_course(folder)
    publish(files)
    version = QuestionVersion.objects.get(question__slug="keys-seen")
    assert variant_of(version, 7).page.stem == (  # type: ignore[attr-defined]
        "How many keys does query 228 of 512 see, with a window of 7?\n"
    )


def test_a_changed_concept_is_changed_in_its_place(folder: Path) -> None:
    publish(read_course(folder))
    before = Concept.objects.get(slug="cost")
    replace(folder / "concepts/cost.md", "title: Cost", "title: Price")
    assert publish(read_course(folder)) == ["concept cost: changed"]
    assert Concept.objects.get(pk=before.pk).title == "Price"


def test_concepts_know_what_is_learnt_before_and_after_them(course: Course) -> None:
    cost = Concept.objects.get(slug="cost")
    assert [concept.slug for concept in cost.learn_before.all()] == ["attention"]
    assert [concept.slug for concept in cost.learn_after.all()] == ["window"]


def test_a_question_names_the_most_tested_concept_first(course: Course) -> None:
    question = Question.objects.get(slug="keys-seen")
    tested = question.concepts.order_by("tested__position")
    assert [concept.slug for concept in tested] == ["window", "attention"]


def test_a_question_stays_of_its_kind(folder: Path) -> None:
    publish(read_course(folder))
    Question.objects.filter(slug="which-cut").update(kind="code")
    replace(folder / "questions/which-cut/stem.md", "saves time", "saves most time")
    with pytest.raises(KindChangedError, match="which-cut"):
        publish(read_course(folder))


def test_a_version_is_never_changed_or_deleted(course: Course) -> None:
    version = QuestionVersion.objects.first()
    assert version is not None
    for forbidden in (
        version.save,
        version.delete,
        QuestionVersion.objects.all().delete,
        lambda: QuestionVersion.objects.update(number=9),
        lambda: QuestionVersion.objects.bulk_update([version], ["number"]),
    ):
        with pytest.raises(ImmutableRowError):
            forbidden()

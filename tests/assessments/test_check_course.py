"""Loaded courses, checked."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Course
from assessments.services.courses import load_course
from question_bank.models import Concept
from tests.conftest import COURSE_FOLDER

pytestmark = pytest.mark.django_db


def checked(*arguments: str) -> tuple[int, str, str]:
    """Return status, output and errors of the command."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("check_course", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_json_tells_counts_and_problems(course: Course) -> None:
    status, out, _ = checked("--json")
    told = json.loads(out)
    assert status == 1
    assert told.keys() == {"concepts", "questions", "kinds", "problems"}
    assert (told["concepts"], told["questions"]) == (3, 3)
    assert sum(told["kinds"].values()) == 3
    assert told["kinds"]["choice"] == told["kinds"]["numeric"] == told["kinds"]["code"] == 1
    assert {"where", "problem"} == told["problems"][0].keys()
    assert {
        "where": "questions/keys-seen/question.yaml, misconceptions",
        "problem": "2 of them; a template has 5 at least",
    } in told["problems"]


def test_people_are_told_the_same_in_lines(course: Course) -> None:
    status, out, _ = checked()
    assert status == 1
    assert "3 concepts, 3 questions: 1 choice, 1 numeric, 1 code\n" in out
    assert "    2  window\n" in out
    assert "questions/keys-seen/question.yaml, misconceptions: 2 of them" in out
    assert out.endswith(" problems\n")


def test_a_course_without_problems_is_status_zero(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("question_bank.courses.lint.concepts.FEWEST_QUESTIONS", 1)
    monkeypatch.setattr("question_bank.courses.lint.numbers.FEWEST_IDEAS", 2)
    status, out, _ = checked("--json")
    assert (status, json.loads(out)["problems"]) == (0, [])


def test_what_an_editor_broke_since_loading_is_told(course: Course) -> None:
    attention, window = (Concept.objects.get(slug=slug) for slug in ("attention", "window"))
    attention.learn_before.add(window)
    Concept.objects.filter(slug="cost").update(body="See [it](question:nothing).")
    told = checked()[1]
    assert "is learnt after" in told
    assert "no way leads here" in told
    assert "concepts/cost.md: a link names the question nothing, which there is not" in told


def test_what_was_not_computed_a_second_time_is_said_beside_the_json(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("question_bank.courses.lint.counts.MOST_BITS", 600)
    _, out, err = checked("--json")
    assert json.loads(out)
    assert err.startswith("Computed in one way only: questions/keys-seen/question.yaml: ")


def test_of_several_courses_one_has_to_be_named(course: Course) -> None:
    Course.objects.create(slug="big", title="Big", summary="Big.", chapters=["One"])
    with pytest.raises(CommandError, match=r"Which course\? There are: big, small\.") as fault:
        checked()
    assert fault.value.returncode == 2
    assert checked("small", "--json")[0] == 1


def test_an_unknown_course_is_told_with_those_there_are(course: Course) -> None:
    with pytest.raises(CommandError, match=r"There is no course wide\. There are: small\."):
        checked("wide")


def test_a_course_that_says_what_no_file_may_say_cannot_be_checked(course: Course) -> None:
    Course.objects.update(chapters=[])
    with pytest.raises(CommandError, match=r"course\.yaml, chapters") as fault:
        checked()
    assert fault.value.returncode == 2


def test_checking_changes_nothing(course: Course) -> None:
    checked()
    assert load_course(Path(COURSE_FOLDER)) == (course, [])

"""Pictures of masks in texts: what is read, and what a course's author is told."""

import dataclasses

import pytest

from grader.patterns import parse
from question_bank.courses import Course, read_course
from question_bank.courses.checks import all_faults
from question_bank.masks import Mask, faults_of_masks, read_mask
from tests.conftest import COURSE_FOLDER

SMALL = read_course(COURSE_FOLDER)
UNREADABLE = "See\n\n```mask 8 Head A\ncausal & nothing(3)\n```\n"


def told_of(course: Course) -> list[str]:
    return [str(fault) for fault in all_faults(course) if "mask" in fault.reason]


def test_a_block_says_how_many_positions_its_title_and_its_pattern() -> None:
    mask = read_mask(" 12 Head A ", "causal &\n  window(3)\n")
    assert mask == Mask(parse("causal & window(3)"), 12, "Head A")


@pytest.mark.parametrize("info", ["", "12", "0 Head A", "65 Head A", "Head A", "-3 Head A"])
def test_a_size_that_can_be_drawn_and_a_title_are_needed(info: str) -> None:
    with pytest.raises(ValueError, match="a number from 1 to 64 and a title"):
        read_mask(info, "causal")


@pytest.mark.parametrize("notation", ["", "causal & nothing(3)", "window(w)", "window(0)"])
def test_a_notation_has_to_be_readable_without_names_but_n(notation: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        read_mask("8 Head A", notation)


def test_every_block_of_a_text_that_cannot_be_drawn_is_told() -> None:
    fine = "```mask 8 Head A\ncausal\n```\n"
    assert list(faults_of_masks(fine)) == []
    assert len(list(faults_of_masks(UNREADABLE + fine + UNREADABLE))) == 2
    assert list(faults_of_masks("```python\nmask = None\n```\n")) == []


def test_a_course_is_refused_for_a_mask_in_a_stem_or_in_a_concept() -> None:
    question = SMALL.questions["which-cut"].model_copy(update={"stem": UNREADABLE})
    stem = dataclasses.replace(SMALL, questions=SMALL.questions | {"which-cut": question})
    assert told_of(SMALL) == []
    assert len(told_of(stem)) == 1
    assert told_of(stem)[0].startswith("questions/which-cut/question.yaml: a mask cannot be drawn")
    concept = dataclasses.replace(SMALL.concepts["window"], body=UNREADABLE)
    body = dataclasses.replace(SMALL, concepts=SMALL.concepts | {"window": concept})
    assert told_of(body)[0].startswith("concepts/window.md: a mask cannot be drawn")

"""The content of a code question: its solutions, and what is left out."""

import json

import pytest
from pydantic import ValidationError

from grader.contract import MAX_SOURCE_BYTES
from question_bank.kinds import KINDS
from question_bank.variants import read_content
from tests.cast.code import NAMES, code_content

SOLUTION = {"name": "one", "told": "", "expected": ["passed"], "source": "pass\n"}


def refused(*solutions):
    with pytest.raises(ValidationError) as refusal:
        read_content(code_content(solutions=list(solutions)))
    return str(refusal.value)


def test_without_solutions_a_content_is_written_as_before_there_were_any():
    without = code_content()
    del without["solutions"]
    read = read_content(without)
    assert read.model_dump(mode="json") == without
    assert read_content(code_content(solutions=[])).model_dump(mode="json") == without


def test_solutions_are_kept_as_they_are():
    read = read_content(code_content())
    assert json.loads(read.model_dump_json()) == code_content()
    assert tuple(one["name"] for one in code_content()["solutions"]) == NAMES


def test_no_learner_gets_them():
    page = KINDS["code"].variant(read_content(code_content()), 0).page
    assert not hasattr(page, "solutions")
    assert "no_scale" not in repr(page)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"expected": []}, "at least 1 item"),
        ({"expected": ["passed", "too_slow"]}, "either passes or fails"),
        ({"expected": ["unavailable"]}, "Input should be"),
        ({"expected": ["inconclusive"]}, "Input should be"),
        ({"source": " "}, "The file is empty"),
        ({"source": "#" * (MAX_SOURCE_BYTES + 1)}, "longer than"),
        ({"name": ""}, "at least 1 character"),
    ],
)
def test_a_solution_that_shows_nothing_is_refused(changed, told):
    assert told in refused(SOLUTION | changed)


def test_two_solutions_of_one_name_are_refused():
    assert "two solutions are called 'one'" in refused(SOLUTION, SOLUTION)

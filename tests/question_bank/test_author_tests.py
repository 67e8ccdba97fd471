"""Every kind marks its samples as it says, on all variants, and what does not is told."""

from decimal import Decimal
from typing import Any

import pytest

from question_bank.author_tests import failures
from question_bank.courses import BUILT_IN, read_course
from question_bank.kinds import Content
from question_bank.kinds.code import CodeContent
from question_bank.variants import read_content

COURSE = read_course(BUILT_IN)
ASKED = {
    slug: content
    for slug, content in COURSE.questions.items()
    if not isinstance(content, CodeContent)
}


def changed(content: Content, **keys: Any) -> Content:
    return read_content(content.model_dump(mode="json") | keys)


def first(kind: str) -> Content:
    return next(content for content in ASKED.values() if content.kind == kind)


@pytest.mark.parametrize("slug", ASKED)
def test_a_question_of_the_course_marks_its_samples_on_all_variants(slug: str) -> None:
    assert failures(ASKED[slug]) == []


@pytest.mark.parametrize("kind", ["choice", "multi", "matching", "numeric", "ordering", "short"])
def test_a_kind_has_samples_that_earn_all_and_none(kind: str) -> None:
    samples = [content.samples().keys() for content in ASKED.values() if content.kind == kind]
    assert all("full" in levels for levels in samples)
    # Where several orders are right, some schemes give every order a little.
    assert any("zero" in levels for levels in samples)


@pytest.mark.parametrize("kind", ["multi", "matching", "ordering", "case"])
def test_a_kind_with_partial_credit_has_a_sample_of_it(kind: str) -> None:
    assert any("partial" in one.samples() for one in ASKED.values() if one.kind == kind)


def test_an_authors_own_test_holds_on_every_variant() -> None:
    content = first("numeric")
    assert failures(changed(content, tests=[{"answer": "[[answer]]", "credit": 1}])) == []
    (fault,) = failures(changed(content, tests=[{"answer": "[[answer]]", "credit": 0}]))
    assert fault.startswith("test 1, variant 0: '[[answer]]' earns 1, not 0")


def test_a_test_that_holds_on_some_variants_only_is_told() -> None:
    content = changed(
        first("numeric"),
        kind="numeric",
        stem="Of [[n]]?",
        explanation="[[answer]]",
        parameters=[{"name": "n", "values": [1, 2]}],
        pattern="causal",
        answer={"total": {"n": "n"}},
        unit=None,
        tolerance=None,
        misconceptions=[],
        otherwise="",
        tests=[{"answer": "3", "credit": 1}],
    )
    (fault,) = failures(content)
    assert "test 1, variant" in fault
    assert "'3' earns 0, not 1" in fault


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        *(("choice", "0"), ("choice", "1, 2"), ("multi", "1, 99"), ("matching", "1")),
        *(("ordering", "nothing, such"), ("case", "one line"), ("numeric", "[[nowhere]]")),
    ],
)
def test_a_test_whose_answer_cannot_be_read_is_told(kind: str, answer: str) -> None:
    (fault,) = failures(changed(first(kind), tests=[{"answer": answer, "credit": 0}]))
    assert fault.startswith("test 1, variant 0: ")
    assert "cannot be read" in fault


def test_what_cannot_be_drawn_is_told_once() -> None:
    content = changed(first("numeric"), stem="Of [[nowhere]]?")
    (fault,) = failures(content)
    assert "nowhere" in fault


def test_partial_credit_is_tested_to_four_places() -> None:
    content = next(one for one in ASKED.values() if "partial" in one.samples())
    answer = content.samples()["partial"]
    (fault,) = failures(changed(content, tests=[{"answer": answer, "credit": 0}]))
    earned = Decimal(fault.split(" earns ")[1].split(",")[0])
    assert 0 < earned < 1
    right = {"answer": answer, "credit": str(earned)}
    assert failures(changed(content, tests=[right])) == []
